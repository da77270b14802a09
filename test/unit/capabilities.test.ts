import assert from "node:assert/strict";

import { planDeployment } from "../../services/deployment";
import { unmetNeeds } from "../../stacks/target";
import { dockerCapabilities } from "../../targets/docker/target";
import { load } from "./settings-support";

const { services } = planDeployment(load({ softwareMode: "SomaStackClusterMode" }));

describe("capabilities", () => {
  it("Docker meets every need of the catalog", () => {
    assert.deepEqual(unmetNeeds(services, dockerCapabilities, "LOCAL"), []);
  });

  it("names each service and need that a target cannot meet", () => {
    const faults = unmetNeeds(services, { ...dockerCapabilities, websocket: false, grpc: false }, "APP_RUNNER").map(({ rule }) => rule);
    assert.ok(faults.includes("cannot give gateway what it needs: websocket"));
    assert.ok(faults.includes("cannot give spicedb what it needs: grpc"));
    assert.ok(faults.every((rule) => !rule.includes("postgres")));
  });
});
