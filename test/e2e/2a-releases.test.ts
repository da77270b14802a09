import assert from "node:assert/strict";
import { configure, containerOf, deployMs, docker, health, inside, somastack, succeed } from "./support";

/** A variable of a running service. */
async function variable(service: string, name: string): Promise<string | undefined> {
  const { Config: { Env: environment } } = await docker.getContainer((await containerOf(service)).id).inspect();
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

const idOf = async (service: string): Promise<string> => (await containerOf(service)).id;

describe("releases and secrets", function () {
  this.timeout(deployMs);

  before(async () => {
    configure();
    await succeed("up");
  });

  // A count of rotations never goes back: what follows begins without any.
  after(async () => {
    await succeed("down", "--volumes", "--yes");
    configure();
  });

  it("goes back to the release before, and runs no migration", async () => {
    configure({ mcpEnabled: false });
    await succeed("up");
    assert.equal(await variable("gateway", "MCP_ENABLED"), "false");
    const { output } = await succeed("rollback", "--yes");
    assert.match(output, /somastack:mcpEnabled: false -> \(not set\)/);
    // Their records go, and nothing of theirs is run.
    assert.doesNotMatch(output, /(created|updated|replaced) +(migrate-|spicedb-migrate)/);
    assert.match(output, /deleted +migrate-agent/);
    assert.equal(await variable("gateway", "MCP_ENABLED"), "true");
    assert.equal((await health()).status, 200);
  });

  it("rotates secrets: their users get new values and nobody else is touched", async () => {
    configure();
    await succeed("up");
    const [key, password, opa] = [await variable("gateway", "SECRET_KEY"), await variable("keycloak", "KC_DB_PASSWORD"), await idOf("opa")];
    assert.ok(key !== undefined && password !== undefined);
    const { output } = await succeed("rotate", "secret-key", "db-keycloak", "--yes");
    assert.match(output, /somastack:rotation is {"secret-key":1,"db-keycloak":1}/);
    assert.notEqual(await variable("gateway", "SECRET_KEY"), key);
    const renewed = await variable("keycloak", "KC_DB_PASSWORD");
    assert.notEqual(renewed, password);
    assert.equal(await idOf("opa"), opa);
    assert.equal((await health()).status, 200);
    const login = (value: string) => inside("postgres", ["psql", "-h", "127.0.0.1", "-U", "keycloak", "-d", "keycloak", "-Atc", "select 1"], [`PGPASSWORD=${value}`]);
    assert.equal(await login(renewed ?? ""), "1");
    await assert.rejects(login(password), /password authentication failed/);
  });

  it("lists what can be rotated, and refuses what cannot before anything is changed", async () => {
    assert.match((await succeed("rotate")).output, /^secret-key +1 times$/m);
    const { code, output } = await somastack("rotate", "crypto-fernet-key", "--yes");
    assert.equal(code, 2, output);
    assert.match(output, /crypto-fernet-key encrypts data that another key could not read/);
  });
});
