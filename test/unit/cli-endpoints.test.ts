import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { askEndpoint, verifyEndpoints } from "../../cli/summary/endpoints";

/** Serves statuses one after another, the last for ever. */
async function serving<T>(statuses: readonly number[], task: (url: string) => Promise<T>): Promise<T> {
  let asked = 0;
  const server = createServer((_request, response) => {
    response.writeHead(statuses[Math.min(asked, statuses.length - 1)] ?? 200, { location: "/next" }).end();
    asked += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await task(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("public endpoints", () => {
  it("serve when a service answers, whatever it says to a stranger", async () => {
    for (const status of [200, 302, 401, 404]) assert.deepEqual(await serving([status], askEndpoint), { serves: true, said: String(status) });
  });

  it("do not serve while a load balancer has no instance, or nothing answers", async () => {
    assert.deepEqual(await serving([503], askEndpoint), { serves: false, said: "503" });
    const gone = await serving([200], (url) => Promise.resolve(url));
    assert.deepEqual(await askEndpoint(gone), { serves: false, said: "ECONNREFUSED" });
    assert.deepEqual(await askEndpoint("https://agent.invalid"), { serves: false, said: "ENOTFOUND" });
  });

  it("are asked again until they serve or the time is over", async () => {
    assert.deepEqual(await serving([503, 200], (url) => verifyEndpoints({ gateway: url }, 10)), { gateway: { serves: true, said: "200" } });
    assert.deepEqual(await serving([502], (url) => verifyEndpoints({ gateway: url }, 0)), { gateway: { serves: false, said: "502" } });
  });
});
