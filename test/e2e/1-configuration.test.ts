import assert from "node:assert/strict";
import { createServer } from "node:net";
import { configure, containers, somastack } from "./support";

describe("bad input", function () {
  this.timeout(30_000);

  after(() => configure());

  it("is refused with every fault at once, in under 3 s, before any container", async () => {
    configure({ deploymentTraget: "LOCAL", debug: "maybe", dbPort: 70000, dbPassword: "p@ss", keycloakUrl: "https://sso.example.com" });
    const { code, output, seconds } = await somastack("up");
    assert.equal(code, 2, output);
    for (const key of ["deploymentTraget", "debug", "dbPort", "dbPassword", "keycloakClientSecret"]) assert.match(output, new RegExp(`somastack:${key}\\b`));
    assert.match(output, /somastack:deploymentTarget\?/);
    assert.doesNotMatch(output, /p@ss|\n\s+at /);
    assert.ok(seconds < 3, `${seconds} s`);
    assert.equal((await containers()).size, 0);
  });

  it("names a budget that is too small and a port that is taken, together", async () => {
    configure({ memoryBudgetGib: 1 });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(5432, "127.0.0.1", resolve));
    try {
      const { code, output, seconds } = await somastack("up");
      assert.equal(code, 1, output);
      assert.match(output, /Memory budget: limits sum up to .* budget of 1 GiB/);
      assert.match(output, new RegExp(`Port 5432: .*wanted by postgres.*\\(process ${process.pid}\\)`));
      assert.ok(seconds < 3, `${seconds} s`);
      assert.equal((await containers()).size, 0);
    } finally {
      server.close();
    }
  });

  it("of the command line ends with 2 and help", async () => {
    const { code, output } = await somastack("up", "--no-such-option");
    assert.equal(code, 2);
    assert.match(output, /unknown option/);
  });
});
