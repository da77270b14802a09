import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { planDeployment } from "../../services/deployment";
import { contentKey } from "../../stacks/content-key";
import { fetchGitContext, isGitUrl } from "../../stacks/git-context";
import { imageSource } from "../../stacks/images";
import { ConfigurationError } from "../../settings/faults";
import { load } from "./settings-support";
import { withFolder } from "./temporary-folder";

describe("content key of a build", () => {
  it("changes with a file's content and name, and not with what is ignored", () => {
    withFolder({}, (folder) => {
      const key = (): string => contentKey(folder, [folder], []);
      writeFileSync(join(folder, "a.py"), "1");
      writeFileSync(join(folder, ".dockerignore"), "*.log\n");
      const first = key();
      writeFileSync(join(folder, "debug.log"), "noise");
      mkdirSync(join(folder, "__pycache__"));
      writeFileSync(join(folder, "__pycache__", "a.pyc"), "noise");
      assert.equal(key(), first);
      writeFileSync(join(folder, "a.py"), "2");
      const second = key();
      assert.notEqual(second, first);
      writeFileSync(join(folder, "b.py"), "");
      assert.notEqual(key(), second);
      assert.notEqual(contentKey(folder, [folder], ["another target"]), key());
    });
  });
});

describe("builds", () => {
  const built = (build: object): ReturnType<typeof imageSource> => {
    const { images } = planDeployment(load({ images: JSON.stringify({ agent: { build } }) }));
    assert.ok(images["agent"]);
    return imageSource("agent", images["agent"], {});
  };

  it("takes folder, Dockerfile, target and arguments of the user", () => {
    withFolder({}, (folder) => {
      writeFileSync(join(folder, "Containerfile"), "FROM scratch\n");
      const source = built({ context: folder, dockerfile: "Containerfile", target: "runtime", args: { A: "1" } });
      assert.ok("context" in source);
      assert.deepEqual([source.context, source.dockerfile, source.target, source.args], [folder, join(folder, "Containerfile"), "runtime", { A: "1" }]);
    });
  });

  it("refuses a folder and a Dockerfile that are not there, by their key", () => {
    withFolder({}, (folder) => {
      assert.throws(() => built({ context: join(folder, "none") }), /somastack:images\.agent\.build\.context/);
      assert.throws(() => built({ context: folder }), /somastack:images\.agent\.build\.dockerfile/);
    });
  });

  it("gives our own images the base that this machine has", () => {
    const { images } = planDeployment(load());
    assert.ok(images["ops"]);
    const source = imageSource("ops", images["ops"], { "python:3.12-slim": { image: "somastack-toolchain/python:3.11-x", source: "built" } });
    assert.ok("args" in source);
    assert.equal(source.args["PYTHON_IMAGE"], "somastack-toolchain/python:3.11-x");
  });

  it("takes a user's reference as it is", () => {
    const { images, references } = planDeployment(load({ images: '{"agent": "registry.example.com/agent:1.4.2"}' }));
    assert.deepEqual(images["agent"], { reference: "registry.example.com/agent:1.4.2" });
    assert.ok(references.includes("registry.example.com/agent:1.4.2"));
  });
});

describe("git contexts", () => {
  const git = (folder: string, ...args: string[]): void => {
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: folder, stdio: "ignore" });
  };

  it("are told from folders", () => {
    assert.ok(isGitUrl("https://git.example.com/a.git#v1") && isGitUrl("git@git.example.com:a.git"));
    assert.ok(!isGitUrl("../somabrain") && !isGitUrl("/srv/agent"));
  });

  it("are fetched at the wanted version, and anew when a branch moves", () => {
    withFolder({}, (folder) => {
      git(folder, "init", "--quiet", "--initial-branch", "main");
      writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
      git(folder, "add", ".");
      git(folder, "commit", "--quiet", "-m", "one");
      git(folder, "tag", "v1");
      writeFileSync(join(folder, "Dockerfile"), "FROM scratch AS two\n");
      git(folder, "commit", "--quiet", "-am", "two");
      const content = (context: string): string => readFileSync(join(fetchGitContext("somastack:images.agent", context), "Dockerfile"), "utf8");
      assert.equal(content(`file://${folder}#v1`), "FROM scratch\n");
      assert.equal(content(`file://${folder}#main`), "FROM scratch AS two\n");
      assert.equal(content(`file://${folder}`), "FROM scratch AS two\n");
      assert.throws(() => fetchGitContext("somastack:images.agent", `file://${folder}#v9`), (error: unknown) => error instanceof ConfigurationError && /v9/.test(error.message));
    });
  });
});
