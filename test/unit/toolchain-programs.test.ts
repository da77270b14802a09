import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { fingerprint } from "../../toolchain/fingerprint";
import { buildGo, sourcesKey } from "../../toolchain/go-build";
import { bridge, type GoProgram, languageFront, languageHost, pulumiCli } from "../../toolchain/go-programs";
import { projectRoot } from "../../toolchain/paths";
import { describePlugin, ensurePlugins, pluginFile } from "../../toolchain/plugins";
import { describePulumi, ensurePulumi } from "../../toolchain/pulumi";
import { assembleCli } from "../../toolchain/pulumi-assembly";
import { writeToolMemory } from "../../toolchain/tool-memory";

const searchPath = process.env["PATH"] ?? "";
const silent = (): void => undefined;
let folder: string;

/** Writes a shell script that notes each call in a file beside it. */
function script(name: string, body: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "$*" >> "${file}.calls"\n${body}\n`, { mode: 0o755 });
  return file;
}

const calls = (file: string): string[] => (existsSync(`${file}.calls`) ? readFileSync(`${file}.calls`, "utf8").trim().split("\n") : []);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "somastack-toolchain-"));
  process.env["PATH"] = [folder, searchPath].join(delimiter);
});

afterEach(() => {
  process.env["PATH"] = searchPath;
  rmSync(folder, { recursive: true });
});

describe("Go programs", () => {
  const program: GoProgram = { name: "tool", module: "tool", package: ".", version: "v1.0.0", versionVariable: "main.version" };
  const goEnv = 'if [ "$1" = env ]; then echo "${FAKE_GO:-go1.26.0}"; exit; fi';
  const goBuild = `${goEnv}\nwhile [ "$1" != -o ]; do shift; done; echo built > "$2"; chmod 755 "$2"`;
  const where = () => ({ sources: join(folder, "modules"), cache: join(folder, "cache") });

  beforeEach(() => {
    mkdirSync(join(folder, "modules", "tool", "sub"), { recursive: true });
    writeFileSync(join(folder, "modules", "tool", "go.mod"), "module tool\n\ngo 1.26\n");
    writeFileSync(join(folder, "modules", "tool", "sub", "main.go"), "package main\n");
  });

  afterEach(() => {
    delete process.env["FAKE_GO"];
  });

  it("have a key that every file, name and option changes", () => {
    const keys = [sourcesKey(program, where()), sourcesKey({ ...program, version: "v1.0.1" }, where()), sourcesKey({ ...program, tags: ["a"] }, where())];
    writeFileSync(join(folder, "modules", "tool", "sub", "main.go"), "package main\n\n");
    keys.push(sourcesKey(program, where()));
    writeFileSync(join(folder, "modules", "tool", "go.sum"), "");
    keys.push(sourcesKey(program, where()));
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(sourcesKey(program, where()), keys.at(-1));
  });

  it("are built once, again for another compiler, and never twice at a time", async () => {
    const go = script("go", goBuild);
    const built = await Promise.all([1, 2, 3].map(async () => buildGo(program, silent, where())));
    assert.equal(new Set(built).size, 1);
    assert.equal(readFileSync(built[0] ?? "", "utf8"), "built\n");
    assert.equal(calls(go).filter((call) => call.startsWith("build")).length, 1);
    process.env["FAKE_GO"] = "go1.27.0";
    assert.notEqual(await buildGo(program, silent, where()), built[0]);
  });

  it("that do not compile fail with the compiler's last lines and leave nothing behind", async () => {
    script("go", `${goEnv}\nfor i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do echo "fault-$i"; done >&2; exit 1`);
    await assert.rejects(buildGo(program, silent, where()), (error: Error) => {
      assert.equal(error.name, "ToolchainError");
      assert.match(error.message, /tool v1\.0\.0.*toolchain\/go\/tool[^]*\nfault-5\n[^]*\nfault-19\n/);
      assert.doesNotMatch(error.message, /fault-4\n/);
      return true;
    });
    script("go", goBuild);
    assert.equal(readFileSync(await buildGo(program, silent, where()), "utf8"), "built\n");
  });

  it("need Go, and say which", async () => {
    process.env["PATH"] = folder;
    await assert.rejects(buildGo(program, silent, where()), /no `go` on PATH.*Install Go 1\.26 or newer/);
  });

  it("report the version that their module pins", () => {
    for (const { module, version } of [pulumiCli, languageHost, languageFront]) {
      const pinned = /\bgithub\.com\/pulumi\/pulumi\/(?:pkg|sdk)\/v3 (\S+)/.exec(readFileSync(join(projectRoot, "toolchain", "go", module, "go.mod"), "utf8"))?.[1];
      assert.equal(version, pinned);
    }
  });

  it("serve the plugins of the npm packages and no others", () => {
    assert.equal(bridge("docker", "5.2.0")?.version, "5.2.0");
    assert.equal(bridge("toString", "1.0.0"), undefined);
  });
});

describe("the built Pulumi", () => {
  it("has its language host beside it, behind its front, and never loads ts-node", async () => {
    const [cli, host, front] = ["pulumi-1a", "pulumi-language-nodejs-2b", "pulumi-language-nodejs-front-3c"].map((name) => join(folder, name, name.slice(0, -3)));
    assert.ok(cli !== undefined && host !== undefined && front !== undefined);
    for (const file of [cli, host, front]) {
      mkdirSync(join(file, ".."));
      writeFileSync(file, '#!/bin/sh\necho "$0 $*"\n', { mode: 0o755 });
    }
    const assembled = assembleCli(cli, host, front);
    assert.equal(fingerprint(assembled)?.size, fingerprint(cli)?.size);
    const { stdout } = await execa(join(assembled, "..", "pulumi-language-nodejs"), ["127.0.0.1:1 a"]);
    assert.equal(stdout, `${front} ${host} -typescript=false 127.0.0.1:1 a`);
    assert.equal(assembleCli(cli, host, front), assembled);
  });
});

describe("Pulumi", () => {
  it("on PATH is taken when new enough, and not asked again until it changes", async () => {
    const memoryFile = join(folder, "toolchain.json");
    const pulumi = script("pulumi", "echo v3.250.0");
    script("pulumi-language-nodejs", "");
    const find = async () => ensurePulumi(silent, { searchPath: folder, memoryFile });
    const found = await find();
    assert.deepEqual([found.bin, found.version, found.source], [pulumi, "3.250.0", "path"]);
    assert.deepEqual(found.env, { PULUMI_SKIP_UPDATE_CHECK: "true" });
    assert.equal(describePulumi(found), "Pulumi 3.250.0: from PATH");
    assert.deepEqual(await find(), found);
    assert.equal(calls(pulumi).length, 1);
    script("pulumi", "echo v3.251.10");
    assert.equal((await find()).version, "3.251.10");
  });
});

describe("plugins", () => {
  const random = { name: "random", version: "4.21.2" };
  const installation = (bin: string) => ({ bin, version: "3.274.1", source: "modules", reason: "", home: join(folder, "home"), env: { PULUMI_HOME: join(folder, "home") } }) as const;

  function put(content: string): string {
    const file = pluginFile(join(folder, "home"), random);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, content, { mode: 0o755 });
    return file;
  }

  it("that are there are left alone", async () => {
    const pulumi = script("pulumi", "exit 1");
    put("plugin");
    const [found] = await ensurePlugins(installation(pulumi), [random], silent, { memoryFile: join(folder, "toolchain.json") });
    assert.deepEqual(found, { ...random, source: "present", reason: "" });
    assert.deepEqual(calls(pulumi), []);
  });

  it("tell how they once came, as long as they are the same file", async () => {
    const memoryFile = join(folder, "toolchain.json");
    const installed = fingerprint(put("plugin"));
    assert.ok(installed !== undefined);
    writeToolMemory({ plugins: { [installed.path]: { installed, source: "mirror", reason: "the official download is not reachable" } } }, memoryFile);
    const find = async () => (await ensurePlugins(installation("none"), [random], silent, { memoryFile })).map(describePlugin);
    assert.deepEqual(await find(), ["random plugin 4.21.2: already installed, downloaded from the mirror, because the official download is not reachable"]);
    put("another plugin");
    assert.deepEqual(await find(), ["random plugin 4.21.2: already installed"]);
  });

  describe("to be downloaded", () => {
    const given = process.env["HTTPS_PROXY"];
    // With a proxy set nothing is probed: Pulumi itself is asked, here a script.
    beforeEach(() => {
      process.env["HTTPS_PROXY"] = "http://127.0.0.1:9";
    });
    afterEach(() => {
      if (given === undefined) delete process.env["HTTPS_PROXY"];
      else process.env["HTTPS_PROXY"] = given;
    });

    it("come from their official source, else from the mirror", async () => {
      const memoryFile = join(folder, "toolchain.json");
      const mirrored = script("mirrored", 'case "$*" in *--server*) ;; *) echo "error: 403"; exit 1 ;; esac');
      const options = { memoryFile, server: "http://127.0.0.1:1/plugins" };
      assert.deepEqual(await ensurePlugins(installation(mirrored), [random], silent, options), [{ ...random, source: "mirror", reason: "its official source failed (error: 403)" }]);
      assert.deepEqual(calls(mirrored), [
        "plugin install resource random 4.21.2 --non-interactive --color never",
        "plugin install resource random 4.21.2 --server http://127.0.0.1:1/plugins --non-interactive --color never",
      ]);
      const official = script("official", "exit 0");
      assert.deepEqual(await ensurePlugins(installation(official), [random], silent, options), [{ ...random, source: "pulled", reason: "" }]);
    });

    it("that nobody serves are an error that names each way", async () => {
      const pulumi = script("pulumi", 'echo "error: 403"; exit 1');
      const unknown = { name: "unknown", version: "1.0.0" };
      await assert.rejects(
        ensurePlugins(installation(pulumi), [unknown], silent, { memoryFile: join(folder, "toolchain.json"), server: "http://127.0.0.1:1" }),
        /unknown plugin 1\.0\.0 cannot be had: its official source failed \(error: 403\) and http:\/\/127\.0\.0\.1:1 failed \(error: 403\), and no Go module here/,
      );
    });
  });

  it("are described with what was taken and why", () => {
    assert.equal(
      describePlugin({ name: "docker", version: "5.2.0", source: "modules", reason: "the official download is not reachable" }),
      "docker plugin 5.2.0: built from Go modules, because the official download is not reachable",
    );
    assert.equal(describePlugin({ ...random, source: "present", reason: "" }), "random plugin 4.21.2: already installed");
  });
});
