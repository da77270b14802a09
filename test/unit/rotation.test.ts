import assert from "node:assert/strict";

import { withRotation } from "../../cli/commands/rotate";
import { planDeployment } from "../../services/deployment";
import { checkRequirements } from "../../services/requirements";
import { rotatable, rotationObstacle } from "../../services/rotation";
import { releasedSettings, returnTo } from "../../settings/release";
import { runProgram, type Run } from "./program-support";
import { cloud, load, production, productionSecrets } from "./settings-support";

const passwords = ({ resources }: Run, name: string): string[] => resources.filter(({ type, name: found }) => type === "random:index/randomPassword:RandomPassword" && found.startsWith(name)).map((resource) => resource.name).sort();

describe("rotation of secrets", function () {
  this.timeout(60_000);
  const local = planDeployment(load({}));

  it("is refused by name where another value would not be taken, or lose data", () => {
    for (const name of ["postgres-admin", "keycloak-admin", "crypto-fernet-key", "agent-dsn", "openai-api-key", "nothing"]) assert.ok(rotationObstacle(name, local) !== undefined, name);
    assert.deepEqual(rotationObstacle("secret-kye", local), { rule: "is no secret of the catalog", mend: "Did you mean secret-key?" });
    for (const name of ["secret-key", "db-agent", "db-keycloak", "memory-api-token", "redis-password", "keycloak-client"]) assert.ok(rotatable(local).includes(name), name);
  });

  it("is possible for the administrator of a managed database, which takes another password", () => {
    assert.equal(rotationObstacle("postgres-admin", planDeployment(load({ ...cloud, deploymentTarget: "FARGATE" }))), undefined);
  });

  it("sends a value of the user's own to where it is set", () => {
    const deployment = planDeployment(load({ ...cloud, ...production, deploymentTarget: "FARGATE", secretKey: "k".repeat(40) }, { secretKeys: new Set([...productionSecrets, "secretKey"]) }));
    assert.match(rotationObstacle("secret-key", deployment)?.mend ?? "", /pulumi config set --secret somastack:secretKey/);
  });

  it("is a fault of the configuration when it names what cannot be rotated", () => {
    const { faults } = checkRequirements(planDeployment(load({ rotation: '{"crypto-fernet-key": 1, "secret-kye": 2}' })));
    assert.deepEqual(faults.map(({ key, value }) => [key, value]), [["somastack:rotation", "crypto-fernet-key"], ["somastack:rotation", "secret-kye"]]);
  });

  it("makes a new value beside the old ones, which stay protected, and gives users the new one", async () => {
    const [before, after] = [await runProgram({}), await runProgram({ rotation: '{"secret-key": 2}' })];
    assert.deepEqual(passwords(before, "secret-key"), ["secret-key"]);
    assert.deepEqual(passwords(after, "secret-key"), ["secret-key", "secret-key-1", "secret-key-2"]);
    for (const { type, name, protect } of after.resources) if (type.startsWith("random:")) assert.ok(protect, name);
    const environment = ({ resources }: Run, name: string) => JSON.stringify(resources.find(({ type, name: found }) => type === "docker:index/container:Container" && found === name)?.inputs["envs"]);
    assert.notEqual(environment(after, "gateway"), environment(before, "gateway"));
    assert.equal(environment(after, "opa"), environment(before, "opa"));
  });

  it("is counted in the stack's file, whose comments and other keys stay", () => {
    const text = "config:\n  # ours\n  somastack:deploymentMode: DEV\nencryptionsalt: v1:abc\n";
    const once = withRotation(text, { "secret-key": 1 });
    assert.equal(once, "config:\n  # ours\n  somastack:deploymentMode: DEV\n  somastack:rotation: { secret-key: 1 }\nencryptionsalt: v1:abc\n");
    assert.equal(withRotation(once, { "secret-key": 2, "db-agent": 1 }), once.replace("{ secret-key: 1 }", "{ secret-key: 2, db-agent: 1 }"));
    assert.equal(withRotation("", { "db-agent": 1 }), "config:\n  somastack:rotation: { db-agent: 1 }\n");
  });

  it("is not taken back by a way back", () => {
    const sources = { config: { rotation: '{"secret-key": 3}', deploymentMode: "DEV" }, secretKeys: new Set<string>(), environment: {}, dotenv: {} };
    assert.deepEqual(releasedSettings(sources), { deploymentMode: "DEV" });
    assert.equal(returnTo({ settings: {}, images: {} }, sources).config["rotation"], '{"secret-key": 3}');
  });
});
