import assert from "node:assert/strict";

import { record } from "../../plan/record";
import { SomaStack } from "../../stacks/compose";
import { cloud, load } from "./settings-support";

describe("a way back on EC2, under mocks", function () {
  this.timeout(60_000);

  it("runs no migration, keeps the other jobs, and rolls the groups", async () => {
    const settings = load({ ...cloud, deploymentTarget: "EC2", softwareMode: "SomaStackClusterMode" });
    const { resources } = await record("somastack", "dev", () => new SomaStack("somastack", { settings, lock: {}, goesBack: true }).outputs);
    const has = (type: string, name: string): boolean => resources.some((resource) => resource.type === type && resource.name === name);
    for (const type of ["aws:s3/bucketObjectv2:BucketObjectv2", "aws:ssm/association:Association", "somastack:ec2:Job"]) {
      assert.ok(!has(type, "migrate-agent"), type);
      assert.ok(has(type, "realm"), type);
    }
    assert.ok(has("somastack:ec2:Refresh", "control"));
  });
});
