import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findExecutable, fingerprint, sameFingerprint } from "../../toolchain/fingerprint";
import { withLock } from "../../toolchain/lock";
import { readToolMemory, type ToolMemory, writeToolMemory } from "../../toolchain/tool-memory";
import { atLeast } from "../../toolchain/versions";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "somastack-toolchain-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("versions", () => {
  const cases: readonly [version: string, minimum: string, enough: boolean][] = [
    ["3.200.0", "3.200.0", true],
    ["v3.274.1\n", "3.200.0", true],
    ["3.199.9", "3.200.0", false],
    ["3.20.1", "3.3.0", true],
    ["4.0.0", "3.200.0", true],
    ["3.200.0-alpha.1", "3.200.0", false],
    ["3.201.0-alpha.1", "3.200.0", true],
    ["3.200.0+build", "3.200.0", true],
    ["", "3.200.0", false],
    ["three", "3.200.0", false],
  ];
  for (const [version, minimum, enough] of cases) {
    it(`${JSON.stringify(version)} is ${enough ? "" : "not "}at least ${minimum}`, () => {
      assert.equal(atLeast(version, minimum), enough);
    });
  }
});

describe("executables", () => {
  it("are found in the order of the search path, without plain files and excepted folders", () => {
    const [own, plain, first, second] = ["own/deep", "plain", "first", "second"].map((name) => join(folder, name)) as [string, string, string, string];
    for (const path of [own, plain, first, second]) {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, "tool"), "#!/bin/sh\n", { mode: path === plain ? 0o644 : 0o755 });
    }
    const searchPath = [own, plain, "", join(folder, "missing"), first, second].join(delimiter);
    assert.equal(findExecutable("tool", searchPath, join(folder, "own"))?.path, join(first, "tool"));
    assert.equal(findExecutable("tool", searchPath)?.path, join(own, "tool"));
    assert.equal(findExecutable("other", searchPath), undefined);
  });

  it("have another fingerprint once they change", () => {
    const file = join(folder, "tool");
    assert.equal(fingerprint(file), undefined);
    writeFileSync(file, "one", { mode: 0o755 });
    const before = fingerprint(file);
    assert.ok(sameFingerprint(before, fingerprint(file)));
    writeFileSync(file, "longer");
    assert.ok(!sameFingerprint(before, fingerprint(file)));
    assert.ok(!sameFingerprint(before, undefined));
    chmodSync(file, 0o644);
    assert.equal(fingerprint(file), undefined);
  });
});

describe("tool memory", () => {
  const memory: ToolMemory = {
    pulumi: { chosen: { path: "/a", size: 1, mtimeMs: 2 }, version: "3.274.1", source: "modules", reason: "no network", folders: ["/b"], sources: "abc" },
    plugins: { "/p": { installed: { path: "/p", size: 3, mtimeMs: 4 }, source: "modules", reason: "no network", sources: "def" } },
  };

  it("reads what was written", () => {
    const file = join(folder, "new", "toolchain.json");
    writeToolMemory(memory, file);
    assert.deepEqual(readToolMemory(file), memory);
  });

  for (const [what, content] of [["broken", "{"], ["from another release", '{"plugins":{"/p":{"source":"guessed"}}}']] as const) {
    it(`is empty when the file is ${what}`, () => {
      const file = join(folder, "toolchain.json");
      writeFileSync(file, content);
      assert.deepEqual(readToolMemory(file), { plugins: {} });
    });
  }

  it("is empty when there is no file", () => {
    assert.deepEqual(readToolMemory(join(folder, "none.json")), { plugins: {} });
  });
});

describe("lock", () => {
  it("lets one in at a time and tells the others who is in", async () => {
    const file = join(folder, "new", "lock");
    let inside = 0;
    const holders: number[] = [];
    const work = async (): Promise<void> => {
      inside += 1;
      assert.equal(inside, 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(async () => withLock(file, work, (holder) => holders.push(holder))));
    assert.deepEqual(holders, [process.pid, process.pid]);
    assert.ok(!existsSync(file));
  });

  it("is free again after work that throws", async () => {
    const file = join(folder, "lock");
    await assert.rejects(withLock(file, () => Promise.reject(new Error("broken"))), /broken/);
    assert.equal(await withLock(file, () => Promise.resolve(1)), 1);
  });

  it("is taken over from a process that has ended", async () => {
    const file = join(folder, "lock");
    const { pid } = spawnSync("true");
    writeFileSync(file, String(pid));
    const seen = await withLock(file, () => Promise.resolve(readFileSync(file, "utf8")), (holder) => assert.fail(`waited for ${holder}`));
    assert.equal(seen, String(process.pid));
  });
});
