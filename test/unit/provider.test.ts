import assert from "node:assert/strict";

import { changedInputs, demultiplex } from "../../provider/docker-job";
import { hasUnknown, unwrap } from "../../provider/envelopes";
import { SomaStackProvider } from "../../provider/provider";

const secret = (value: unknown): object => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urn = "urn:pulumi:dev::somastack::somastack:index:SomaStack$somastack:docker:Job::migrate";
const job = {
  containerName: "somastack-dev-migrate", image: "sha256:1", environment: ["A=1"], files: [], network: "n", labels: {},
  readOnly: true, tmpfs: {}, cpu: 1, memoryMib: 128, timeoutSeconds: 60,
};

describe("job provider", () => {
  const provider = new SomaStackProvider();

  it("takes secret envelopes off at any depth", () => {
    assert.deepEqual(unwrap({ a: secret(["x", secret("y")]), b: [{ c: secret(1) }] }), { a: ["x", "y"], b: [{ c: 1 }] });
  });

  it("sees values that a preview cannot know", () => {
    assert.ok(hasUnknown({ a: [{ b: unknown }] }));
    assert.ok(!hasUnknown({ a: [{ b: "known" }] }));
  });

  it("names every missing input at once", async () => {
    const { failures } = await provider.check(urn, {}, { containerName: "x" });
    assert.ok((failures ?? []).length > 5);
  });

  it("accepts inputs that are not known yet", async () => {
    assert.deepEqual((await provider.check(urn, {}, { ...job, image: unknown })).failures, []);
  });

  it("runs again for another image, command or environment, and not for another limit", async () => {
    const replaces = async (change: object): Promise<readonly string[]> => (await provider.diff("id", urn, job, { ...job, ...change })).replaces ?? [];
    assert.deepEqual(await replaces({ image: "sha256:2" }), ["image"]);
    assert.deepEqual(await replaces({ environment: secret(["A=2"]) }), ["environment"]);
    assert.deepEqual(await replaces({ environment: secret(["A=1"]) }), []);
    assert.deepEqual(await replaces({ memoryMib: 256 }), []);
    assert.deepEqual(changedInputs(job, { ...job, command: ["x"] }), ["command"]);
  });

  it("refuses a type that it does not have", async () => {
    await assert.rejects(provider.create("urn:pulumi:dev::somastack::somastack:docker:Other::x", job), /somastack:docker:Job/);
  });

  it("reads Docker's framed logs", () => {
    const frame = (stream: number, text: string): Buffer => Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);
    assert.deepEqual(demultiplex(Buffer.concat([frame(1, "one\n"), frame(2, "error\n"), frame(1, "two\n")])), { output: "one\ntwo\n", errors: "error\n" });
  });
});
