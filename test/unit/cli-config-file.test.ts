import assert from "node:assert/strict";
import { hasEncryption, withEncryption } from "../../cli/pulumi/config-file";
import { backendVariables } from "../../cli/pulumi/backend";
import { quote } from "../../cli/commands/env";

const tracked = "# settings of dev\nconfig:\n  somastack:dbName: a # ours\n";

describe("effective configuration", () => {
  it("is the tracked file when it has its own encryption", () => {
    assert.equal(hasEncryption(`${tracked}encryptionsalt: v1:abc:def\n`), true);
    assert.equal(hasEncryption("secretsprovider: awskms://alias/x\n"), true);
    assert.equal(hasEncryption(tracked), false);
    assert.equal(hasEncryption(""), false);
  });

  it("adds the generated salt to the tracked settings", () => {
    const text = withEncryption(tracked, "encryptionsalt: v1:abc:def\nconfig:\n  somastack:dbName: old\n");
    assert.match(text, /somastack:dbName: a/);
    assert.match(text, /^encryptionsalt: v1:abc:def$/m);
    assert.doesNotMatch(text, /old/);
  });

  it("is the tracked text as long as there is no salt", () => {
    assert.equal(withEncryption(tracked, ""), tracked);
  });

  it("stays the same when made again", () => {
    const once = withEncryption(tracked, "encryptionsalt: v1:abc:def\n");
    assert.equal(withEncryption(tracked, once), once);
  });

  it("works with an empty tracked file", () => {
    assert.equal(withEncryption("", "encryptionsalt: v1:abc:def\n"), "encryptionsalt: v1:abc:def\n");
  });
});

describe("variables of the backend", () => {
  it("point at the local state and the generated passphrase", () => {
    const variables = backendVariables({});
    assert.match(variables["PULUMI_BACKEND_URL"] ?? "", /^file:\/\/\/.*\.somastack\/state$/);
    assert.match(variables["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "", /\.somastack\/passphrase$/);
  });

  it("leave a passphrase of the user's own", () => {
    assert.deepEqual(Object.keys(backendVariables({ PULUMI_CONFIG_PASSPHRASE: "x" })), ["PULUMI_BACKEND_URL"]);
    assert.deepEqual(Object.keys(backendVariables({ PULUMI_CONFIG_PASSPHRASE_FILE: "/x" })), ["PULUMI_BACKEND_URL"]);
  });

  it("are quoted for the shell", () => {
    assert.equal(quote("a b$c'd"), "'a b$c'\\''d'");
  });
});
