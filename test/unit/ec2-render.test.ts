import assert from "node:assert/strict";

import { parse } from "yaml";

import { groupDocument } from "../../cli/commands/render-ec2";
import { planStack } from "../../plan/plan";
import { cloud, load } from "./settings-support";

describe("the rendering of a group's compose file", function () {
  this.timeout(60_000);

  it("is what its instances run, and an unknown group is refused with the known ones", async () => {
    const plan = await planStack(load({ ...cloud, deploymentTarget: "EC2", softwareMode: "SomaStackClusterMode" }));
    const document = parse(groupDocument(plan, "brain")) as { services: object };
    assert.deepEqual(Object.keys(document.services).sort(), ["brain", "brain-outbox"]);
    assert.throws(() => groupDocument(plan, "brains"), /there is no group brains; this stack has brain, control, memory, observability, operations, platform$/);
  });
});
