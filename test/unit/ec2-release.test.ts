import assert from "node:assert/strict";

import { record } from "../../plan/record";
import { SomaStack } from "../../stacks/compose";
import { cloud, load } from "./settings-support";

describe("a way back on EC2, under mocks", function () {
  this.timeout(60_000);

  it("leaves the migrations' documents, associations and runs alone, and rolls the groups", async () => {
    const settings = load({ ...cloud, deploymentTarget: "EC2", softwareMode: "SomaStackClusterMode" });
    const { resources } = await record("somastack", "dev", () => new SomaStack("somastack", { settings, lock: {}, goesBack: true }).outputs);
    const ignored = (type: string, name: string): readonly string[] => resources.find((resource) => resource.type === type && resource.name === name)?.ignoreChanges ?? [];
    for (const type of ["aws:s3/bucketObjectv2:BucketObjectv2", "aws:ssm/association:Association", "somastack:ec2:Job"]) {
      assert.deepEqual(ignored(type, "migrate-agent"), ["*"], type);
      assert.deepEqual(ignored(type, "realm"), [], type);
    }
    assert.deepEqual(ignored("somastack:ec2:Refresh", "control"), []);
    assert.deepEqual(ignored("aws:autoscaling/group:Group", "control"), ["launchTemplate", "desiredCapacity"]);
  });
});
