import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { credentialsFor } from "../../toolchain/image-credentials";
import { verify } from "../../toolchain/image-context";
import { imageFolder, substituteTag } from "../../toolchain/image-key";
import { readImageLock, writeImageLock } from "../../toolchain/image-lock";
import { holdsPassword } from "../../toolchain/image-machine";
import { recipeFor, recipeNamed, recipes } from "../../toolchain/image-recipes";
import { mirrored, parseReference } from "../../toolchain/image-reference";
import { isUnreachable } from "../../toolchain/image-registry";
import { Limit } from "../../toolchain/limit";
import { projectRoot } from "../../toolchain/paths";
import { withFolder } from "./temporary-folder";

const digest = `sha256:${"0".repeat(64)}`;

describe("image references", () => {
  const cases: readonly [string, string, string, string][] = [
    ["redis", "docker.io", "library/redis", ":latest"],
    ["redis:7-alpine", "docker.io", "library/redis", ":7-alpine"],
    ["docker.io/redis:7", "docker.io", "library/redis", ":7"],
    ["index.docker.io/library/redis:7", "docker.io", "library/redis", ":7"],
    ["apache/kafka:4.1.0", "docker.io", "apache/kafka", ":4.1.0"],
    ["quay.io/coreos/etcd:v3.5.16", "quay.io", "coreos/etcd", ":v3.5.16"],
    ["localhost/agent", "localhost", "agent", ":latest"],
    ["registry.example:5000/team/agent:1", "registry.example:5000", "team/agent", ":1"],
    [`redis:7@${digest}`, "docker.io", "library/redis", `@${digest}`],
  ];
  for (const [reference, registry, repository, suffix] of cases) {
    it(`${reference} is ${repository} of ${registry}`, () => {
      assert.deepEqual(parseReference(reference), { registry, repository, suffix });
    });
  }

  for (const reference of ["", "redis 7", "https://example/redis", "redis:", "redis@sha256:12"]) {
    it(`${JSON.stringify(reference)} is refused by name`, () => {
      assert.throws(() => parseReference(reference), (error: Error) => error.message.includes(`"${reference}"`) && error.message.includes("postgres:16-alpine"));
    });
  }

  it("a mirror serves the path without the registry's host", () => {
    assert.equal(mirrored("redis:7-alpine", "127.0.0.1:5000"), "127.0.0.1:5000/library/redis:7-alpine");
    assert.equal(mirrored("quay.io/keycloak/keycloak:26.5.6", "https://mirror.example/hub/"), "mirror.example/hub/keycloak/keycloak:26.5.6");
    assert.equal(mirrored(`redis@${digest}`, "mirror.example"), `mirror.example/library/redis@${digest}`);
  });
});

describe("substitutes", () => {
  it("stand in for the tags of the same contract only", () => {
    assert.equal(recipeFor("postgres:16-alpine")?.name, "postgres");
    assert.equal(recipeFor("docker.io/library/postgres:16.4")?.name, "postgres");
    assert.equal(recipeFor("quay.io/keycloak/keycloak:26.5.6")?.name, "keycloak");
    for (const reference of ["postgres:15", `postgres@${digest}`, "ghcr.io/library/postgres:16", "grafana/grafana:11.6.0", "openpolicyagent/opa:0.60.0"]) {
      assert.equal(recipeFor(reference), undefined, reference);
    }
  });

  for (const recipe of recipes) {
    it(`${recipe.name} has its files, and what it is built on comes from recipes`, () => {
      const folder = imageFolder(recipe);
      const dockerfile = join(folder, "Dockerfile");
      for (const name of Object.values(recipe.from)) assert.ok(recipeNamed(name));
      if (recipe.name === "base") return;
      const text = readFileSync(dockerfile, "utf8");
      const argumentsOfFile = [...text.matchAll(/^ARG (\w+)$/gm)].map(([, name]) => name ?? "");
      assert.deepEqual(argumentsOfFile.sort(), Object.keys(recipe.from).sort(), "build arguments");
      for (const { module, name } of recipe.go ?? []) {
        assert.ok(existsSync(join(projectRoot, "toolchain", "go", module, "go.sum")), module);
        assert.match(text, new RegExp(`bin/(${name}\\b)?`));
      }
      if (existsSync(join(folder, "pom.xml"))) assert.ok(existsSync(join(folder, "SHA256SUMS")), "what Maven fetches is checked");
      const lock = join(folder, "package-lock.json");
      if (existsSync(lock)) assert.doesNotMatch(readFileSync(lock, "utf8"), /"resolved"/, "the lock names no registry");
    });
  }

  it("have tags that an engine takes and that stay the same", () => {
    for (const recipe of recipes) {
      const tag = substituteTag(recipe);
      assert.match(tag, /^somastack-toolchain\/[a-z-]+:[\w.-]+-[0-9a-f]{12}$/);
      assert.equal(substituteTag(recipe), tag);
    }
  });

  it("change their tag with what they are made from", () => {
    const redis = recipeNamed("redis");
    assert.notEqual(substituteTag({ ...redis, from: { BASE: "jre" } }), substituteTag(redis));
  });
});

describe("checks of what is fetched", () => {
  const sum = (text: string): string => createHash("sha256").update(text).digest("hex");

  it("a listed file of the right sum passes, another or a missing one is named", () => {
    withFolder({ "a.jar": "a", "b.jar": "b", good: `${sum("a")}  a.jar\n${sum("b")}  b.jar\n`, bad: `${sum("x")}  a.jar\n`, gone: `${sum("c")}  c.jar\n` }, (folder) => {
      verify(folder, join(folder, "good"));
      assert.throws(() => verify(folder, join(folder, "bad")), /a\.jar: its SHA-256 should be/);
      assert.throws(() => verify(folder, join(folder, "gone")), /c\.jar: .* no such file/);
    });
  });

  it("a configuration with credentials is kept out of images", () => {
    for (const text of ["index-url = https://me:secret@pypi.example/simple", "//npm.example/:_authToken=abc", "Acquire::http::Proxy \"http://user:pw@proxy\";"]) assert.ok(holdsPassword(text), text);
    assert.ok(!holdsPassword("[global]\ncert = /etc/ssl/certs/ca-certificates.crt\nindex-url = https://pypi.example/simple"));
  });
});

describe("registries", () => {
  it("an error of the way is told from an error of the image", () => {
    for (const reason of ["dial tcp: lookup quay.io: no such host", "dial tcp 10.0.0.1:443: connect: connection refused", "net/http: TLS handshake timeout", "context deadline exceeded"]) assert.ok(isUnreachable(reason), reason);
    for (const reason of ["manifest for redis:nope not found: manifest unknown", "pull access denied for x, repository does not exist", "toomanyrequests: rate limit"]) assert.ok(!isUnreachable(reason), reason);
  });

  it("what docker login left is used for its registry only", async () => {
    const auth = Buffer.from("me:pass:word").toString("base64");
    // The file is read before the first await, while the folder is there.
    const ask = (registry: string): Promise<unknown> => withFolder({ "config.json": JSON.stringify({ auths: { "ghcr.io": { auth } } }) }, (path) => credentialsFor(registry, path));
    assert.deepEqual(await ask("ghcr.io"), { username: "me", password: "pass:word", serveraddress: "ghcr.io" });
    assert.equal(await ask("quay.io"), undefined);
    assert.equal(await withFolder({}, (path) => credentialsFor("ghcr.io", path)), undefined);
  });
});

describe("the image lock", () => {
  it("comes back as it was written, sorted", () => {
    withFolder({}, (folder) => {
      const file = join(folder, "deep", "images.json");
      const decisions = { "redis:7": { image: "redis:7", source: "pull" }, "grafana/grafana:11": { image: "grafana/grafana:11", source: "unavailable", reason: "no such host" } } as const;
      writeImageLock(decisions, file);
      assert.deepEqual(readImageLock(file), decisions);
      assert.deepEqual(Object.keys(JSON.parse(readFileSync(file, "utf8")) as object), ["grafana/grafana:11", "redis:7"]);
      assert.deepEqual(readdirSync(join(folder, "deep")), ["images.json"]);
    });
  });

  it("counts as empty when missing or not understood", () => {
    withFolder({ "images.json": '{"redis:7": {"source": "heaven"}}' }, (folder) => {
      assert.deepEqual(readImageLock(join(folder, "images.json")), {});
      assert.deepEqual(readImageLock(join(folder, "none.json")), {});
    });
  });
});

describe("a limit", () => {
  it("runs no more tasks at a time than it has slots, all of them, in order", async () => {
    const limit = new Limit(2);
    let running = 0;
    let most = 0;
    const started: number[] = [];
    const task = async (number: number): Promise<number> => {
      started.push(number);
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (number === 1) throw new Error("one fails");
      return number;
    };
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map((number) => limit.run(() => task(number))));
    assert.equal(most, 2);
    assert.deepEqual(started, [0, 1, 2, 3, 4]);
    assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled", "fulfilled", "fulfilled"]);
  });
});
