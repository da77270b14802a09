import assert from "node:assert/strict";

import fc from "fast-check";

import { asFernetKey } from "../../targets/generated";
import { runProgram } from "./program-support";
import { cloud } from "./settings-support";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

describe("a Fernet key", () => {
  it("is 32 bytes in URL-safe base64 as its readers decode it, whatever the characters it is made from", () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...alphabet), { minLength: 43, maxLength: 43 }), (characters) => {
      const key = asFernetKey(characters.join(""));
      assert.match(key, /^[A-Za-z0-9_-]{43}=$/);
      const bytes = Buffer.from(key, "base64url");
      assert.equal(bytes.length, 32);
      assert.equal(`${bytes.toString("base64url")}=`, key);
      assert.equal(key.slice(0, 42), characters.slice(0, 42).join(""));
    }));
  });
});

describe("generated secrets", function () {
  this.timeout(60_000);

  for (const deploymentTarget of ["LOCAL", "FARGATE", "EKS"]) it(`come on ${deploymentTarget} from resources that hold their values in secret outputs only, protected`, async () => {
    const { resources } = await runProgram({ ...cloud, deploymentTarget, softwareMode: "SomaStackClusterMode" });
    const generated = resources.filter(({ type }) => type.startsWith("random:"));
    assert.ok(generated.length > 10);
    for (const { type, name, protect } of generated) {
      // The id of random bytes, which every state holds in clear, is their value.
      assert.equal(type, "random:index/randomPassword:RandomPassword", name);
      // The fingerprints' key may be made anew: it only rolls the workloads once.
      assert.equal(protect, name !== "fingerprint", name);
    }
    for (const { inputs, name } of resources.filter(({ type }) => type === "aws:secretsmanager/secretVersion:SecretVersion")) {
      assert.equal((inputs["secretString"] as Record<string, unknown>)["4dabf18193072939515e22adb298388d"], "1b47061264138c4ac30d75fd1eb44270", name);
    }
  });
});
