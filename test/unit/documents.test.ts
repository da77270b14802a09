import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { settingsDocument } from "../../settings/document";
import { projectRoot } from "../../toolchain/paths";

describe("documents", () => {
  it("docs/settings.md equals the rendering of the settings", () => {
    assert.equal(readFileSync(join(projectRoot, "docs", "settings.md"), "utf8"), settingsDocument());
  });
});
