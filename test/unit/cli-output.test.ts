import assert from "node:assert/strict";
import { memoryOf } from "../../cli/docker/memory";
import { healthOf, unframe } from "../../cli/docker/stack";
import { CommandError, explain } from "../../cli/failure";
import { askHealth, readHealth } from "../../cli/health/client";
import { table } from "../../cli/output";
import { isDiagnostics, isSummary, Progress } from "../../cli/pulumi/progress";
import { isSuspect } from "../../cli/summary/failure";
import { parseOutputs, substituteLines } from "../../cli/summary/outputs";
import { serviceRows } from "../../cli/summary/services";
import { ConfigurationError } from "../../settings/faults";
import { container } from "./cli-support";

describe("failures", () => {
  it("of the user are shown without a trace, with their exit code", () => {
    assert.deepEqual(explain(new CommandError("no disk")), { text: "no disk", code: 1 });
    assert.equal(explain(new ConfigurationError([{ key: "a", rule: "b", mend: "c" }])).code, 2);
    const toolchain = new Error("no route");
    toolchain.name = "ToolchainError";
    assert.deepEqual(explain(toolchain), { text: "no route", code: 1 });
  });

  it("of ours keep their trace", () => assert.match(explain(new TypeError("x is undefined")).text, /TypeError: x is undefined\n\s+at /));
});

describe("progress of an update", () => {
  for (const [line, shown] of [
    [" +  docker:index:Network net created (1.23s)", "  created  network net (1 s)"],
    [" ~  docker:index:Container redis updated (0.52s) [diff: ~image]", "  updated  redis (1 s)"],
    [" ++ docker:index:Container a created replacement (0.42s) [diff: ~command]", "  replaced a (0 s)"],
    [" +- docker:index:Container a replaced (0.00s) [diff: ~command]", undefined],
    [" -- docker:index:Container a deleted original (0.03s)", undefined],
    [" -- docker:index:RemoteImage a deleting original (0s)", undefined],
    [" +  docker:index:Container bad **creating failed** error: 1 error occurred:", "  failed   bad"],
    ["    pulumi:pulumi:Stack somastack-dev **failed** 1 error", undefined],
    [" ~  docker:index:Container a refresh (0.17s) [diff: ~mustRun]", undefined],
    [" -  docker:index:Container redis deleted (1s)", "  deleted  redis (1 s)"],
    [" +  docker:index:Container redis creating (0s)", undefined],
    [" +  pulumi:pulumi:Stack somastack-dev created (30s)", undefined],
    ["    docker:index:Network net", undefined],
    ["Updating (dev):", undefined],
  ] as const) {
    it(`${JSON.stringify(line)} becomes ${JSON.stringify(shown)}`, () => assert.equal(new Progress().line(line), shown));
  }

  it("names what is waited for after ten seconds of silence", () => {
    let now = 0;
    const progress = new Progress(() => now);
    for (const name of ["opa", "keycloak"]) progress.line(` +  docker:index:Container ${name} creating (0s)`);
    now = 9_999;
    assert.equal(progress.waiting(), undefined);
    now = 10_000;
    assert.equal(progress.waiting(), "  waiting  for keycloak, opa");
    assert.equal(progress.waiting(), undefined);
    progress.line(" +  docker:index:Container opa created (1s)");
    progress.line(" +- docker:index:RemoteImage agent replacing (0s)");
    progress.line(" +- docker:index:RemoteImage agent replaced (0s)");
    now = 20_000;
    assert.equal(progress.waiting(), "  waiting  for keycloak");
  });

  it("knows where diagnostics and the summary begin", () => {
    assert.deepEqual(["Diagnostics:", "error: no stack", "Outputs:", "Resources:", " error"].map((line) => [isDiagnostics(line), isSummary(line)]), [
      [true, false], [true, false], [false, true], [false, true], [false, false],
    ]);
  });
});

describe("combined health", () => {
  const services = { redis: { status: "healthy", layer: "infrastructure", latency_ms: 1.5 }, opa: { status: "unhealthy", error: "refused" } };

  it("names the services that fail", () => {
    const health = readHealth(503, { status: "unhealthy", services });
    assert.deepEqual([health.healthy, health.failing], [false, ["opa"]]);
    assert.deepEqual(health.services["redis"], { status: "healthy", layer: "infrastructure", latencyMs: 1.5 });
    assert.equal(health.services["opa"]?.error, "refused");
  });

  it("is healthy with 200 and every service healthy only", () => {
    const redis = { redis: services.redis };
    assert.deepEqual([readHealth(200, { status: "healthy", services: redis }), readHealth(503, { status: "x", services: redis }), readHealth(200, { status: "x", services })].map(({ healthy }) => healthy), [true, false, false]);
  });

  it("that does not answer is not healthy, with the reason", async () => {
    const { healthy, failing } = await askHealth("http://127.0.0.1:1/health");
    assert.equal(healthy, false);
    assert.match(failing[0] ?? "", /127\.0\.0\.1:1\/health does not answer \(.+\)/);
  });
});

describe("containers", () => {
  for (const [status, health] of [["Up 3 minutes (healthy)", "healthy"], ["Up 1 second (health: starting)", "starting"], ["Up 2 hours (unhealthy)", "unhealthy"], ["Up 4 days", "none"], ["Exited (1) 2 minutes ago", "none"]] as const) {
    it(`${status} is ${health}`, () => assert.equal(healthOf(status), health));
  }

  it("are suspect when stopped, starting or unhealthy", () => {
    assert.deepEqual([container(), container({ running: false }), container({ health: "starting" }), container({ health: "unhealthy" }), container({ health: "none" })].map(isSuspect), [false, true, true, true, false]);
  });

  it("have logs without frames", () => {
    const frame = (stream: number, text: string): Buffer => Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, Buffer.byteLength(text)]), Buffer.from(text)]);
    assert.equal(unframe(Buffer.concat([frame(1, "one\n"), frame(2, "zwö\n")])), "one\nzwö\n");
    assert.equal(unframe(Buffer.from("plain terminal text")), "plain terminal text");
    assert.equal(unframe(Buffer.alloc(0)), "");
  });

  it("use memory without the page cache, in both generations of cgroups", () => {
    assert.deepEqual(memoryOf({ memory_stats: { usage: 100, limit: 500, stats: { total_inactive_file: 30 } } }), { used: 70, limit: 500 });
    assert.deepEqual(memoryOf({ memory_stats: { usage: 100, limit: 500, stats: { inactive_file: 20 } } }), { used: 80, limit: 500 });
    assert.equal(memoryOf({ memory_stats: {} }), undefined);
  });
});

describe("summary", () => {
  const outputs = parseOutputs({ services: { redis: { url: "redis://127.0.0.1:6379", layer: "infrastructure", memoryMib: 256 }, worker: { layer: "control", memoryMib: 512 } } });

  it("shows health of the endpoint first, of the container else", () => {
    const health = readHealth(503, { status: "x", services: { redis: { status: "unhealthy" } } });
    const rows = serviceRows(outputs, health, [container(), container({ id: "c2", service: "worker", health: "starting" })], new Map([["redis", { used: 10.4 * 2 ** 20, limit: 1 }]]));
    assert.deepEqual(rows, [["redis", "redis://127.0.0.1:6379", "unhealthy", "10 / 256 MiB"], ["worker", "-", "starting", "- / 512 MiB"]]);
  });

  it("says when a service does not run", () => {
    assert.equal(serviceRows(outputs, undefined, [], new Map())[0]?.[2], "not running");
  });

  it("takes substitutes as a list or by reference", () => {
    assert.deepEqual(substituteLines(parseOutputs({ substitutes: ["a"] })), ["a"]);
    assert.deepEqual(substituteLines(parseOutputs({ substitutes: { minio: "versitygw" } })), ["minio: versitygw"]);
  });

  it("refuses outputs of another program", () => assert.throws(() => parseOutputs({ services: 7 }), /Run `npm run up` again/));

  it("is a plain table", () => {
    assert.equal(table(["A", "BB"], [["1", "2"], ["333", ""]]), "A     BB\n1     2\n333");
  });
});
