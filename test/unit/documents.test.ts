import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "dotenv";
import { parse as parseYaml } from "yaml";

import { modesDocument } from "../../plan/modes-document";
import { configDeclarations, projectDocument } from "../../settings/declarations";
import { policyDocument } from "../../policy/document";
import { definitionOf, settingKeys } from "../../settings/definitions";
import { loadSettings } from "../../settings/load";
import { settingsDocument } from "../../settings/document";
import { dotenvDocument } from "../../settings/dotenv-document";
import { programSources } from "../../settings/program";
import { projectRoot } from "../../toolchain/paths";

const documents: readonly [file: string, render: () => string][] = [
  ["docs/settings.md", settingsDocument],
  [".env.example", dotenvDocument],
  ["Pulumi.yaml", () => projectDocument(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8"))],
  ["docs/deployment/SOFTWARE_DEPLOYMENT_MODES.md", modesDocument],
  ["docs/policy.md", policyDocument],
];

describe("documents", () => {
  for (const [file, render] of documents) {
    it(`${file} equals its rendering`, () => assert.equal(readFileSync(join(projectRoot, file), "utf8"), render()));
  }

  it("Pulumi.yaml declares every setting and nothing else, also after a setting has gone", () => {
    const stale = projectDocument("name: somastack # the project\nconfig:\n  somastack:gone:\n    default: x\nruntime: nodejs\n");
    const { name, runtime, config } = parseYaml(stale) as { name: string; runtime: string; config: object };
    assert.deepEqual({ name, runtime, keys: Object.keys(config) }, { name: "somastack", runtime: "nodejs", keys: settingKeys.map((key) => `somastack:${key}`) });
    assert.ok(stale.includes("# the project"));
  });

  it("a declaration never sets a setting: environment, .env and the setting's own default go on counting", () => {
    const declared = Object.fromEntries(Object.entries(configDeclarations()).map(([key, declaration]) => [key, declaration.default]));
    const environment = { SA01_DEPLOYMENT_MODE: "DEV" };
    const read = (config: Readonly<Record<string, string>>) => loadSettings("dev", { ...programSources(config, environment, "/nowhere"), environment });
    const settings = read(declared);
    assert.deepEqual(settings.values, read({}).values);
    assert.equal(settings.origins.deploymentMode, "environment");
  });

  it("docs/settings.md tells the type of every setting in the words of its own rule", () => {
    const rows = settingsDocument().split("\n").filter((line) => line.startsWith("| `")).map((line) => line.split(/(?<!\\) \| /));
    assert.equal(rows.length, settingKeys.length);
    const typeOf = (key: string) => rows.find(([name]) => name === `| \`${key}\``)?.[3];
    assert.deepEqual(["deploymentMode", "dbPort", "waf", "images", "openaiApiKey"].map(typeOf), ["one of PROD, DEV", "a whole number from 1 to 65535", "true or false", "an object of image names and references or builds", "text"]);
  });

  it(".env.example sets nothing as it is, and with the # taken off every example obeys its rule", () => {
    const text = dotenvDocument();
    assert.deepEqual(parse(text), {});
    const all = parse(text.replace(/^#(?=[A-Z0-9_]+=)/gm, ""));
    for (const key of settingKeys) {
      const { variable, schema } = definitionOf(key);
      assert.ok(schema.safeParse(all[variable]).success, `${variable}=${all[variable]}`);
    }
  });
});
