import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { evaluate, type Finding } from "../../policy/evaluate";
import { readLevels, type Levels } from "../../policy/levels";
import { ofRegistered } from "../../policy/planned";
import { secretMark, type PolicyResource } from "../../policy/resource";
import { targets } from "../../stacks/target";
import { projectRoot } from "../../toolchain/paths";
import { recordedStack } from "./recorded";

const development = readLevels(readFileSync(join(projectRoot, "policy", "dev.json"), "utf8"), "policy/dev.json");

const resourcesOf = async (...stack: Parameters<typeof recordedStack>): Promise<PolicyResource[]> => (await recordedStack(...stack)).registered.map(ofRegistered);

const mandatory = (findings: readonly Finding[]): string[] => findings.filter(({ level }) => level === "mandatory").map(({ policy, subject, fault }) => `${policy}: ${subject} ${fault}`);
const broken = (resources: readonly PolicyResource[], levels: Levels = {}): string[] => [...new Set(evaluate(resources, { levels }).map(({ policy }) => policy))];

describe("our own stacks and the rules", function () {
  this.timeout(120_000);

  for (const target of targets) {
    for (const mode of ["StandAlone", "SomaStackClusterMode"]) {
      for (const prod of [false, true]) {
        it(`${target}, ${mode}, ${prod ? "PROD" : "DEV"} breaks no mandatory rule`, async () => {
          assert.deepEqual(mandatory(evaluate(await resourcesOf(target, mode, prod), { levels: prod ? {} : development })), []);
        });
      }
    }

    it(`${target}: the rules over a whole stack find its applications and its secrets`, async () => {
      const resources = await resourcesOf(target, "SomaStackClusterMode", true);
      const alone = evaluate(resources.map((resource) => ({ ...resource, dependencies: [] }))).filter(({ policy }) => policy === "migrations-first").map(({ subject }) => subject.split(" ")[1]);
      for (const name of ["gateway", "admin", "conversation-worker", "tool-executor", "memory-replicator", "brain", "brain-outbox", "memory"]) assert.ok(alone.includes(name), `${name} may start without its tables`);
      const open = resources.map((resource): PolicyResource => {
        const keys = Object.keys(resource.props).filter((key) => ["secretString", "stringData", "data", "envs"].includes(key));
        return { ...resource, props: { ...resource.props, ...Object.fromEntries(keys.map((key) => [key, key === "envs" ? ["SA01_DB_PASSWORD=geheim"] : "geheim"])) } };
      });
      assert.ok(JSON.stringify(open).includes(secretMark), "nothing is masked");
      assert.ok(broken(open).includes("secrets-are-outputs"));
    });
  }

  it("DEV needs every level of policy/dev.json, and each says why", async () => {
    const found = broken(await resourcesOf("FARGATE", "SomaStackClusterMode", false));
    for (const [name, given] of Object.entries(development)) {
      assert.ok(found.includes(name), `${name} is not broken in DEV`);
      assert.ok(typeof given === "object" && given.reason !== undefined && given.reason !== "", `${name} has no reason`);
    }
  });
});

describe("levels of the rules", () => {
  const loose = (levels: Levels): Finding[] => evaluate([{ type: "aws:cloudwatch/logGroup:LogGroup", name: "logs", urn: "urn", props: { retentionInDays: 7 }, dependencies: [] }], { levels });

  it("are the rule's own where nothing is said", () => assert.deepEqual(loose({}).map(({ policy, level }) => [policy, level]), [["logs-retention", "mandatory"]]));
  it("are a stack's, for all rules or for one", () => {
    assert.deepEqual(loose({ all: "disabled" }), []);
    assert.deepEqual(loose({ all: "disabled", "logs-retention": "advisory" }).map(({ level }) => level), ["advisory"]);
    assert.deepEqual(loose({ "logs-retention": { enforcementLevel: "disabled", reason: "short lived" } }), []);
  });
  it("come with numbers", () => {
    assert.deepEqual(loose({ "logs-retention": { days: 7 } }), []);
    assert.match(loose({ "logs-retention": { days: 8 } })[0]?.fault ?? "", /must be at least 8 days/);
  });

  for (const [title, content, fault] of [
    ["a rule that is none", { "log-retention": "advisory" }, /levels.json: log-retention is no rule/],
    ["a level that is none", { "logs-retention": "loud" }, /levels.json: logs-retention: /],
    ["a number that the rule has not", { "logs-retention": { hours: 1 } }, /logs-retention has no hours/],
    ["a text for a number", { "logs-retention": { days: "many" } }, /logs-retention.days must be a number/],
  ] as const) {
    it(`refuse ${title}`, () => assert.throws(() => readLevels(JSON.stringify(content), "levels.json"), fault));
  }
});
