import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, normalize } from "node:path";

import { chooseServices } from "../../services/catalog";
import { projectRoot } from "../../toolchain/paths";

/** Which folders a folder may import; data flows one way. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  settings: [],
  services: ["settings", "toolchain"],
  targets: ["services", "settings"],
  components: ["services", "settings", "targets"],
  provider: [],
  policy: ["services", "plan"],
  delivery: ["settings", "plan", "policy", "toolchain"],
};

function files(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : entry.name.endsWith(".ts") ? [join(folder, entry.name)] : [],
  );
}

function imports(file: string): string[] {
  return [...readFileSync(join(projectRoot, file), "utf8").matchAll(/from "([^"]+)"/g)].map((match) => match[1] ?? "");
}

describe("architecture", () => {
  for (const [folder, allowed] of Object.entries(arrows)) {
    it(`${folder}/ imports only ${allowed.length === 0 ? "itself" : allowed.join(", ")}`, () => {
      for (const file of files(folder)) {
        for (const name of imports(file).filter((candidate) => candidate.startsWith("."))) {
          const top = normalize(join(file, "..", name)).split("/")[0] ?? "";
          assert.ok(top === folder || allowed.includes(top), `${file} imports ${name}`);
        }
      }
    });
  }

  it("services/ and settings/ know nothing of Pulumi", () => {
    for (const file of [...files("services"), ...files("settings")]) assert.ok(!imports(file).some((name) => name.startsWith("@pulumi/")), file);
  });

  it("components/ name no target, Docker targets no service", () => {
    for (const file of files("components")) assert.ok(!imports(file).some((name) => /targets\/(?!target)/.test(name)), file);
    const names = chooseServices(() => true).map((service) => service.name).filter((name) => name !== "health");
    for (const file of files("targets/docker")) {
      const text = readFileSync(join(projectRoot, file), "utf8");
      for (const name of names) assert.doesNotMatch(text, new RegExp(`"${name}"`), `${file} names ${name}`);
    }
  });

  it("no file is longer than 400 lines", () => {
    for (const folder of [...Object.keys(arrows), "cli", "stacks", "toolchain", "test"]) {
      for (const file of files(folder)) assert.ok(readFileSync(join(projectRoot, file), "utf8").split("\n").length <= 400, file);
    }
  });
});
