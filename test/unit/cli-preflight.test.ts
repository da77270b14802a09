import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import fc from "fast-check";
import { describeCheck, failed, ok, warning } from "../../cli/preflight/check";
import { listeningInodes, portHolder } from "../../cli/preflight/port-holder";
import { checkPorts, isFree, takenPorts } from "../../cli/preflight/ports";
import { refuseFaults } from "../../cli/preflight/refuse";
import { checkBudget, checkDisk, checkEngine, checkMemory } from "../../cli/preflight/resources";
import { ownPorts, wantedPorts } from "../../cli/preflight/run";
import { which } from "../../cli/preflight/tools";
import { container } from "./cli-support";

describe("memory checks", () => {
  it("accept a sum up to the budget and refuse every MiB above it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 100_000 }), (budgetGib, totalMib) => {
        assert.equal(checkBudget({}, totalMib, budgetGib).state, totalMib <= budgetGib * 1024 ? "ok" : "error");
      }),
    );
  });

  it("suggest a budget that is enough", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1025, max: 100_000 }), (totalMib) => {
        const suggested = /memoryBudgetGib to (\d+)/.exec(checkBudget({}, totalMib, 1).mend ?? "")?.[1];
        assert.equal(checkBudget({}, totalMib, Number(suggested)).state, "ok");
      }),
    );
  });

  it("name the sum, the budget and the three largest", () => {
    const { detail } = checkBudget({ redis: 256, milvus: 2048, gateway: 1024, kafka: 1536 }, 4864, 4);
    assert.match(detail, /4\.8 GiB, 0\.8 GiB more than the budget of 4 GiB \(largest: milvus 2048 MiB, kafka 1536 MiB, gateway 1024 MiB\)/);
  });

  it("warn when the host has less than the limits and refuse when it has less than half", () => {
    assert.deepEqual([checkMemory(4096, 8192), checkMemory(8192, 8191), checkMemory(8192, 4096), checkMemory(8192, 4095)].map(({ state }) => state), ["ok", "warning", "warning", "error"]);
  });
});

describe("disk check", () => {
  for (const [gb, state] of [[50, "ok"], [49.9, "warning"], [5, "warning"], [4.9, "error"]] as const) {
    it(`${gb} GB is ${state}`, () => assert.equal(checkDisk(gb * 1e9, "/var/lib/docker").state, state));
  }
});

describe("engine check", () => {
  for (const [version, state] of [
    ["28.2.2", "ok"], ["24.0.0", "ok"], ["23.0.1", "warning"], ["20.10.24+dfsg1", "warning"], ["20.10.0", "warning"], ["20.9.1", "error"], ["19.03.15", "error"], ["dev", "warning"],
  ] as const) {
    it(`${version} is ${state}`, () => assert.equal(checkEngine(version).state, state));
  }

  it("leaves a missing engine to the set-up", () => assert.equal(checkEngine(undefined).state, "warning"));
});

describe("port checks", () => {
  const listen = async (test: (port: number) => Promise<void>): Promise<void> => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await test((server.address() as AddressInfo).port);
    } finally {
      server.close();
    }
  };

  it("see a free and a taken port", async () => {
    let port = 0;
    await listen(async (taken) => {
      port = taken;
      assert.equal(await isFree(taken), false);
    });
    assert.equal(await isFree(port), true);
  });

  it("name the process that holds a port", async function () {
    if (process.platform !== "linux") return this.skip();
    await listen(async (port) => {
      assert.match(portHolder(port) ?? "", new RegExp(`\\(process ${process.pid}\\)$`));
      assert.deepEqual(await takenPorts([{ port, service: "redis" }], new Set(), new Map()), [{ port, service: "redis", holder: portHolder(port) }]);
    });
  });

  it("accept a port that this stack holds itself", async () => {
    await listen(async (port) => assert.deepEqual(await takenPorts([{ port, service: "redis" }], new Set([port]), new Map()), []));
  });

  it("name the container that holds a port", async () => {
    await listen(async (port) => {
      const taken = await takenPorts([{ port, service: "redis" }], new Set(), new Map([[port, "other-redis"]]));
      assert.equal(checkPorts([], taken)[0]?.detail, `127.0.0.1:${port}, wanted by redis, is held by container other-redis`);
      assert.match(checkPorts([], taken)[0]?.mend ?? "", /docker stop other-redis/);
    });
  });

  it("give one error a port, all at once", () => {
    const checks = checkPorts([], [{ port: 5432, service: "postgres" }, { port: 6379, service: "redis", holder: "redis-server (process 7)" }]);
    assert.deepEqual(checks.map(({ name, state }) => [name, state]), [["Port 5432", "error"], ["Port 6379", "error"]]);
    assert.match(checks[1]?.detail ?? "", /redis-server \(process 7\)/);
  });

  it("count only running containers of the stack that Pulumi made as its own", () => {
    const own = ownPorts("dev", [
      container({ ports: [1] }), container({ ports: [2], running: false }), container({ ports: [3], stack: "prod" }), container({ ports: [4], compose: true }),
    ]);
    assert.deepEqual([...own], [1]);
  });

  it("want the published ports alone", () => {
    const services = [{ name: "spicedb", ports: [{ published: 20051 }, {}] }];
    assert.deepEqual(wantedPorts({ deployment: { services } } as unknown as Parameters<typeof wantedPorts>[0]), [{ port: 20051, service: "spicedb" }]);
  });

  it("read listening sockets of /proc/net/tcp and no others", () => {
    const table = [
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
      "   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1",
      "   1: 0100007F:1538 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4243 1",
      "   2: 00000000:1539 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4244 1",
    ].join("\n");
    assert.deepEqual(listeningInodes(table, 5432), ["4242"]);
    assert.deepEqual(listeningInodes(table, 80), []);
  });
});

describe("refusal of a machine", () => {
  it("lists every error and no warning", () => {
    assert.throws(
      () => refuseFaults([ok("A", "fine"), warning("B", "old", "Upgrade"), failed("C", "no disk", "Free some"), failed("D", "taken", "Stop it")]),
      { message: "2 faults of this machine, nothing was changed:\n  - C: no disk. Free some.\n  - D: taken. Stop it." },
    );
  });

  it("lets warnings pass", () => refuseFaults([warning("B", "old", "Upgrade")]));

  it("describes a check without a mend", () => assert.equal(describeCheck(ok("A", "fine")), "A: fine."));
});

describe("programs on PATH", () => {
  it("are found in the first folder that has them", () => {
    assert.equal(which("sh", "/nonexistent:/bin"), "/bin/sh");
    assert.equal(which("no-such-program", "/bin:/usr/bin"), undefined);
    assert.equal(which("sh", undefined), undefined);
  });
});
