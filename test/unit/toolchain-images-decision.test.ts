import assert from "node:assert/strict";
import { decideImage, type Fetched, type ImageSources } from "../../toolchain/image-decision";
import type { ImageDecision } from "../../toolchain/image-lock";

const redis = "redis:7-alpine";
const twin = "mirror.example:5000/library/redis:7-alpine";
const built = { name: "redis", tag: "somastack-toolchain/redis:7.0-0123456789ab", description: "Debian's Redis 7.0" };
const refused: Fetched = { ok: false, reason: "connection refused" };

/** An engine that answers from a script and writes down what it was asked to do. */
function script(answers: { present?: string[]; pull?: Record<string, Fetched>; build?: Fetched; none?: string }): { sources: ImageSources; done: string[] } {
  const done: string[] = [];
  const sources: ImageSources = {
    present: async (reference) => answers.present?.includes(reference) ?? false,
    pull: async (reference) => {
      done.push(`pull ${reference}`);
      return answers.pull?.[reference] ?? refused;
    },
    substitute: () => (answers.none === undefined ? built : { none: answers.none }),
    build: async ({ tag }) => {
      done.push(`build ${tag}`);
      return answers.build ?? { ok: true };
    },
  };
  return { sources, done };
}

describe("how an image is had", () => {
  it("an image of the engine is taken as it is, even with a mirror and a substitute", async () => {
    const { sources, done } = script({ present: [redis, twin, built.tag] });
    assert.deepEqual(await decideImage(redis, sources, undefined, "mirror.example:5000"), { image: redis, source: "present" });
    assert.deepEqual(done, []);
  });

  it("a substitute of the current key is taken without asking a registry, with the reason of the first time", async () => {
    const previous: ImageDecision = { image: "somastack-toolchain/redis:7.0-old", source: "built", reason: "no such host" };
    const { sources, done } = script({ present: [built.tag] });
    assert.deepEqual(await decideImage(redis, sources, previous), { image: built.tag, source: "built", substitute: built.description, reason: "no such host" });
    assert.deepEqual(done, []);
  });

  it("a substitute of an older key is not taken", async () => {
    const previous: ImageDecision = { image: "somastack-toolchain/redis:7.0-old", source: "built" };
    const { sources, done } = script({ present: [previous.image] });
    assert.equal((await decideImage(redis, sources, previous)).image, built.tag);
    assert.deepEqual(done, [`pull ${redis}`, `build ${built.tag}`]);
  });

  it("an earlier pull is still called a pull", async () => {
    const previous: ImageDecision = { image: redis, source: "pull" };
    assert.deepEqual(await decideImage(redis, script({ present: [redis] }).sources, previous), previous);
  });

  it("an image that was unavailable and is there now is present", async () => {
    const previous: ImageDecision = { image: redis, source: "unavailable", reason: "no such host" };
    assert.deepEqual(await decideImage(redis, script({ present: [redis] }).sources, previous), { image: redis, source: "present" });
  });

  it("the registry comes before the mirror", async () => {
    const { sources, done } = script({ pull: { [redis]: { ok: true }, [twin]: { ok: true } } });
    assert.deepEqual(await decideImage(redis, sources, undefined, "mirror.example:5000"), { image: redis, source: "pull" });
    assert.deepEqual(done, [`pull ${redis}`]);
  });

  it("the mirror comes before the substitute", async () => {
    const { sources, done } = script({ pull: { [twin]: { ok: true } } });
    assert.deepEqual(await decideImage(redis, sources, undefined, "mirror.example:5000"), { image: twin, source: "mirror" });
    assert.deepEqual(done, [`pull ${redis}`, `pull ${twin}`]);
  });

  it("the substitute is built last and says why", async () => {
    const { sources, done } = script({});
    const decision = await decideImage(redis, sources, undefined, "mirror.example:5000");
    assert.deepEqual(decision, { image: built.tag, source: "built", substitute: built.description, reason: "connection refused; mirror: connection refused" });
    assert.deepEqual(done, [`pull ${redis}`, `pull ${twin}`, `build ${built.tag}`]);
  });

  it("without a substitute the image is unavailable, with every reason", async () => {
    const { sources } = script({ none: "no substitute" });
    assert.deepEqual(await decideImage(redis, sources), { image: redis, source: "unavailable", reason: "connection refused; no substitute" });
  });

  it("a substitute that does not build leaves the image unavailable", async () => {
    const { sources } = script({ build: { ok: false, reason: "disk full" } });
    assert.deepEqual(await decideImage(redis, sources), { image: redis, source: "unavailable", reason: "connection refused; substitute: disk full" });
  });
});
