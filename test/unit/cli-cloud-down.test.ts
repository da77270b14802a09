import assert from "node:assert/strict";

import { cloudDown } from "../../cli/cloud/update";
import { planDeployment } from "../../services/deployment";
import { cloud, load, production, productionSecrets } from "./settings-support";

describe("down on a cloud target", () => {
  it("refuses to delete the data of a stack in PROD, before anything is asked or changed", async () => {
    const settings = load({ ...cloud, ...production, deploymentTarget: "FARGATE" }, { secretKeys: productionSecrets });
    const plan = { stack: "prod", settings, deployment: planDeployment(settings) };
    await assert.rejects(cloudDown(plan, true, true), /The data of a stack in PROD is not deleted by a command.*Remove the rest without --volumes/);
  });
});
