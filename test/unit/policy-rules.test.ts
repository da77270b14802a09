import assert from "node:assert/strict";

import { evaluate } from "../../policy/evaluate";
import { secretMark, unknownMark } from "../../policy/resource";
import { everyRule, rules } from "../../policy/rules";
import { dataSamples } from "./policy-samples/data";
import { networkSamples } from "./policy-samples/network";
import type { Samples } from "./policy-samples/sample";
import { stackSamples } from "./policy-samples/stack";
import { workloadSamples } from "./policy-samples/workloads";

const parts: readonly Samples[] = [networkSamples, dataSamples, workloadSamples, stackSamples];
const samples: Samples = Object.assign({}, ...parts);

describe("every rule", () => {
  it("has a sample that passes and one that fails, and no sample is without its rule", () => {
    assert.equal(Object.keys(samples).length, parts.reduce((sum, part) => sum + Object.keys(part).length, 0));
    assert.deepEqual(Object.keys(samples).sort(), rules.map(({ name }) => name).sort());
  });

  it("has a name of its own, a sentence why and a sentence that mends", () => {
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
    for (const { name, why, mend } of rules) {
      assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)+$/);
      assert.notEqual(name, everyRule);
      for (const sentence of [why, mend]) assert.match(sentence, /^[A-Z].{5,}\.$/, name);
    }
  });

  for (const rule of rules) {
    it(rule.name, () => {
      const sample = samples[rule.name];
      assert.ok(sample !== undefined);
      assert.deepEqual(evaluate(sample.passes, { rules: [rule] }), []);
      const found = evaluate(sample.fails, { rules: [rule] });
      assert.ok(found.some(({ fault }) => sample.fault.test(fault)), JSON.stringify(found.map(({ fault }) => fault)));
      for (const { policy, level, why, mend } of found) assert.deepEqual([policy, level, why, mend], [rule.name, rule.level ?? "mandatory", rule.why, rule.mend]);
    });
  }

  /** What must not be given at all is a fault whatever its value. */
  const forbidden = ["aws-certificate-renews", "ec2-no-key-pair"];

  for (const mark of [secretMark, unknownMark]) {
    it(`judges no value that is ${mark}`, () => {
      for (const rule of rules) {
        if (rule.kind !== "resource" || forbidden.includes(rule.name)) continue;
        const { passes, fails } = samples[rule.name] ?? { passes: [], fails: [] };
        const keys = [...passes, ...fails].flatMap(({ props }) => Object.keys(props));
        const hidden = fails.map((resource) => ({ ...resource, props: Object.fromEntries(keys.map((key) => [key, mark])) }));
        assert.deepEqual(evaluate(hidden, { rules: [rule] }).map(({ fault }) => fault), [], rule.name);
      }
    });
  }
});
