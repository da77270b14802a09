import assert from "node:assert/strict";
import { join } from "node:path";

import { execa } from "execa";

import { planStack } from "../../plan/plan";
import { ensureCompose } from "../../toolchain/compose";
import { withFolderAsync } from "../unit/temporary-folder";
import { cloud, load } from "../unit/settings-support";

interface Document {
  readonly services: Readonly<Record<string, unknown>>;
  readonly "x-somastack": { readonly secrets: readonly { readonly variable: string }[]; readonly names: readonly { readonly address: string }[] };
}

/** A value that Compose would misread if it took it for more than text. */
const secret = "a$b${c}'\"#: d";

// Compose only reads the documents here: no container runs, and no Docker is asked.
describe("Docker Compose reads what instances run", function () {
  this.timeout(5 * 60_000);

  for (const groups of ["layers", "one"]) {
    it(`every group's and every job's document, with the values that the script gives: ${groups}`, async () => {
      const { command: [client = "", ...first] } = await ensureCompose(() => undefined);
      const { resources } = await planStack(load({ ...cloud, deploymentTarget: "EC2", softwareMode: "SomaStackClusterMode", ec2: JSON.stringify({ groups }) }));
      const documents = resources.filter(({ type }) => type === "aws:s3/bucketObjectv2:BucketObjectv2").map(({ name, inputs }) => [name, String((inputs as { content: unknown }).content)] as const);
      assert.ok(documents.length > 8);
      for (const [name, content] of documents) {
        const { services, "x-somastack": told } = JSON.parse(content) as Document;
        const env = {
          SOMASTACK_INSTANCE_ID: "i-1", SOMASTACK_RELEASE: "0123456789ab", SOMASTACK_ADDRESS: "10.0.0.4",
          ...Object.fromEntries(told.names.map(({ address }, index) => [address, `10.0.0.${index + 5}`])),
          ...Object.fromEntries(told.secrets.map(({ variable }) => [variable, secret])),
        };
        await withFolderAsync({ "compose.json": content }, async (folder) => {
          const { exitCode, stdout, stderr } = await execa(client, [...first, "--file", join(folder, "compose.json"), "config", "--format", "json"], { env, reject: false, stdin: "ignore" });
          assert.equal(exitCode, 0, `${name}: ${stderr}`);
          assert.equal(stderr, "", name);
          const read = JSON.parse(stdout) as { services?: Record<string, { environment?: Record<string, string> }> };
          assert.deepEqual(Object.keys(read.services ?? {}).sort(), Object.keys(services).sort(), name);
          const values = Object.values(read.services ?? {}).flatMap(({ environment }) => Object.values(environment ?? {}));
          // It prints text so that it could be read again: with its dollars doubled.
          if (told.secrets.length > 0) assert.ok(values.includes(secret.replaceAll("$", "$$$$")), name);
        });
      }
    });
  }
});
