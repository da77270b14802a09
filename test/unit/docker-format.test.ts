import assert from "node:assert/strict";
import fc from "fast-check";
import { engineCpus, engineDuration } from "../../targets/docker/format";

describe("formats of the engine", () => {
  for (const [seconds, text] of [[0, "0s"], [4, "4s"], [60, "1m0s"], [90, "1m30s"], [240, "4m0s"], [3600, "1h0m0s"], [3661, "1h1m1s"]] as const) {
    it(`${seconds} s is ${text}`, () => assert.equal(engineDuration(seconds), text));
  }

  it("keep the time", () => {
    fc.assert(
      fc.property(fc.nat(100_000), (seconds) => {
        const [, hours = 0, minutes = 0, rest = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(\d+)s$/.exec(engineDuration(seconds))?.map((part) => Number(part ?? 0)) ?? [];
        assert.equal(hours * 3600 + minutes * 60 + rest, seconds);
        assert.ok(minutes < 60 && rest < 60);
      }),
    );
  });

  it("give whole CPUs a decimal", () => assert.deepEqual([1, 2, 0.5, 0.25].map(engineCpus), ["1.0", "2.0", "0.5", "0.25"]));
});
