import assert from "node:assert/strict";
import fc from "fast-check";
import { median, ratio } from "../../bench/figures";

describe("figures of the benchmark", () => {
  it("have a median between their ends that does not depend on their order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1 }), (figures) => {
        const middle = median(figures);
        assert.ok(Math.min(...figures) <= middle && middle <= Math.max(...figures));
        assert.equal(median([...figures].reverse()), middle);
      }),
    );
  });

  it("have a ratio below one when ours is faster", () => assert.equal(ratio([1, 2, 9], [4, 4, 4]), "0.50"));
});
