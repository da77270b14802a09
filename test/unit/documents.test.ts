import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "dotenv";

import { modesDocument } from "../../plan/modes-document";
import { definitionOf, settingKeys } from "../../settings/definitions";
import { settingsDocument } from "../../settings/document";
import { dotenvDocument } from "../../settings/dotenv-document";
import { projectRoot } from "../../toolchain/paths";

const documents: readonly [file: string, render: () => string][] = [
  ["docs/settings.md", settingsDocument],
  [".env.example", dotenvDocument],
  ["docs/deployment/SOFTWARE_DEPLOYMENT_MODES.md", modesDocument],
];

describe("documents", () => {
  for (const [file, render] of documents) {
    it(`${file} equals its rendering`, () => assert.equal(readFileSync(join(projectRoot, file), "utf8"), render()));
  }

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
