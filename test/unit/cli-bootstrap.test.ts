import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");

describe("bootstrap", function () {
  this.timeout(60_000);
  let folder = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "somastack-bootstrap-"));
    for (const name of ["toolchain", "cli"]) mkdirSync(join(folder, name));
    copyFileSync(join(root, "toolchain", "bootstrap.mjs"), join(folder, "toolchain", "bootstrap.mjs"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    write("package-lock.json", "{}", 0);
    write("tsconfig.json", JSON.stringify({ compilerOptions: { outDir: "bin", rootDir: ".", incremental: true, tsBuildInfoFile: "bin/.tsbuildinfo", types: [] }, include: ["cli"] }));
    write("cli/main.ts", 'import { text } from "./text";\ndeclare const process: { argv: string[]; exitCode?: number };\nconsole.log(text, ...process.argv.slice(2));\nprocess.exitCode = 3;\n');
    write("cli/text.ts", 'export const text = "one";\n');
    write("cli/unused.ts", "export {};\n");
  });

  after(() => rmSync(folder, { recursive: true }));

  function write(name: string, content: string, time = Date.now() / 1000 + 1): void {
    writeFileSync(join(folder, name), content);
    utimesSync(join(folder, name), time, time);
  }

  function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, [join(folder, "toolchain", "bootstrap.mjs"), ...args], { encoding: "utf8" });
  }

  it("compiles at the first time, passes arguments and exit code", () => {
    write("cli/text.ts", 'export const text = "one";\n', Date.now() / 1000 - 5);
    for (const name of ["cli/main.ts", "cli/unused.ts", "tsconfig.json"]) utimesSync(join(folder, name), Date.now() / 1000 - 5, Date.now() / 1000 - 5);
    const { status, stdout, stderr } = run("up", "--stack", "dev");
    assert.deepEqual([status, stdout.trim()], [3, "one up --stack dev"], stderr);
    assert.match(stderr, /Compiling/);
  });

  it("does not compile again when nothing changed", () => {
    const { stdout, stderr } = run();
    assert.deepEqual([stdout.trim(), stderr], ["one", ""]);
  });

  it("compiles when a source changed", () => {
    write("cli/text.ts", 'export const text = "two";\n');
    assert.equal(run().stdout.trim(), "two");
  });

  it("forgets the compiled code of a removed source", () => {
    rmSync(join(folder, "cli", "unused.ts"));
    run();
    assert.equal(existsSync(join(folder, "bin", "cli", "unused.js")), false);
  });

  it("stops at code that does not compile, and tries again the next time", () => {
    write("cli/text.ts", "export const text: string = 1;\n");
    for (const attempt of [run(), run()]) {
      assert.notEqual(attempt.status, 3);
      assert.match(attempt.stderr, /cli\/text\.ts.*TS2322[\s\S]*does not compile, see above/);
    }
  });
});
