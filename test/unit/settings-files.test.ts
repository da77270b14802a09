import assert from "node:assert/strict";
import { ConfigurationError } from "../../settings/faults";
import { knownStacks, readSources } from "../../settings/files";
import { loadSettings } from "../../settings/load";
import type { Sources } from "../../settings/sources";
import { withFolder } from "./temporary-folder";

const read = (yaml: string, others: Record<string, string> = {}): Sources =>
  withFolder({ "Pulumi.dev.yaml": yaml, ...others }, (folder) => readSources("dev", folder, {}));

const faultOf = (files: Record<string, string>, stack = "dev"): string => {
  try {
    withFolder(files, (folder) => readSources(stack, folder, {}));
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return "";
};

describe("files of settings", () => {
  it("read the keys of the namespace and leave the others to their owners", () => {
    assert.deepEqual(read("config:\n  somastack:dbName: a\n  aws:region: eu-west-1\n").config, { dbName: "a" });
  });

  it("give scalars as text and objects as JSON, as Pulumi does", () => {
    const { config } = read("config:\n  somastack:saasMode: true\n  somastack:memoryBudgetGib: 12\n  somastack:images:\n    agent: registry.example.com/agent:1\n");
    assert.deepEqual(config, { saasMode: "true", memoryBudgetGib: "12", images: '{"agent":"registry.example.com/agent:1"}' });
  });

  it("mark encrypted values as sealed, also inside objects", () => {
    const { sealedKeys, secretKeys } = read("config:\n  somastack:dbPassword:\n    secure: v1:abc:def\n  somastack:images:\n    agent:\n      secure: v1:a:b\n  somastack:dbName: plain\n");
    assert.deepEqual([...(sealedKeys ?? [])], ["dbPassword", "images"]);
    assert.deepEqual(secretKeys, sealedKeys);
  });

  it("load an encrypted secret without its passphrase", () => {
    const settings = loadSettings("dev", read("config:\n  somastack:secretKey:\n    secure: v1:abc:def\nencryptionsalt: v1:x\n"));
    assert.equal(settings.origins.secretKey, "stack config");
  });

  it("read .env with quotes and comments", () => {
    assert.deepEqual(read("config: {}\n", { ".env": "# ours\nSA01_DB_NAME='a b'\nexport DEBUG=false\n" }).dotenv, { SA01_DB_NAME: "a b", DEBUG: "false" });
  });

  it("do without .env and without configuration", () => {
    assert.deepEqual(read("").config, {});
    assert.deepEqual(read("encryptionsalt: v1:x\n").config, {});
    assert.deepEqual(read("config:\n").dotenv, {});
  });

  it("refuse what is no YAML and name the line", () => {
    assert.match(faultOf({ "Pulumi.dev.yaml": "config:\n  a: [1\n  b: 2\n" }), /Pulumi\.dev\.yaml:\d+: must be YAML/);
  });

  it("refuse a configuration that is no mapping", () => {
    assert.match(faultOf({ "Pulumi.dev.yaml": "config: 7\n" }), /config = "7": must be a mapping/);
    assert.match(faultOf({ "Pulumi.dev.yaml": "config: [1]\n" }), /must be a mapping/);
  });

  it("refuse keys without a namespace and without a value", () => {
    const message = faultOf({ "Pulumi.dev.yaml": "config:\n  dbName: a\n  somastack:dbUser:\n" });
    assert.match(message, /^2 faults/);
    assert.match(message, /Write somastack:dbName/);
    assert.match(message, /somastack:dbUser: must have a value/);
  });

  it("refuse an unknown stack and name the nearest", () => {
    assert.match(faultOf({ "Pulumi.prod.yaml": "config: {}\n" }, "prd"), /--stack = "prd".*Did you mean prod\?/);
    assert.match(faultOf({}, "qa"), /there is none.*Create Pulumi\.qa\.yaml/);
  });

  it("list the stacks of a folder", () => {
    withFolder({ "Pulumi.yaml": "", "Pulumi.prod.yaml": "", "Pulumi.dev.yaml": "" }, (folder) => assert.deepEqual(knownStacks(folder), ["dev", "prod"]));
  });
});
