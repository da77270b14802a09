import assert from "node:assert/strict";

import { chooseRelease, differences, parseReleases, rollbackMessage } from "../../cli/pulumi/releases";
import { SomaStackProvider } from "../../provider/provider";
import { releasedSettings, returnTo } from "../../settings/release";
import { record, type Registered } from "../../plan/record";
import { SomaStack } from "../../stacks/compose";
import type { Sources } from "../../settings/sources";
import { newCluster, one, run } from "./eks-support";
import { load } from "./settings-support";

const first = { settings: { deploymentMode: "DEV" }, images: { agent: "registry.example.com/agent:1" } };
const second = { settings: { deploymentMode: "DEV", domain: "a.example.com" }, images: { agent: "registry.example.com/agent:2" } };
const urn = "urn:pulumi:dev::somastack::somastack:index:SomaStack$somastack:stack:Release::release";

describe("releases", () => {
  const sources: Sources = {
    config: { deploymentMode: "DEV", images: '{"agent": "registry.example.com/agent:2"}', openaiApiKey: "sealed", domain: "sealed" },
    secretKeys: new Set(["openaiApiKey", "domain"]),
    environment: { SA01_DB_NAME: "agents", SA01_DB_PASSWORD: "S3cretS3cret", PATH: "/bin" },
    dotenv: { SMTP_PORT: "2525" },
  };

  it("record the settings of every source but secrets", () => {
    assert.deepEqual(releasedSettings(sources), { deploymentMode: "DEV", dbName: "agents", smtpPort: "2525" });
  });

  it("bring back their own settings and images, and leave secrets as they are", () => {
    const back = returnTo(first, sources);
    assert.deepEqual(back.config, { deploymentMode: "DEV", images: '{"agent":"registry.example.com/agent:1"}', openaiApiKey: "sealed", domain: "sealed" });
    assert.deepEqual(back.environment, { SA01_DB_PASSWORD: "S3cretS3cret", PATH: "/bin" });
    assert.deepEqual(back.dotenv, {});
  });

  it("keep the one before in the state, and change only with what is deployed", async () => {
    const provider = new SomaStackProvider();
    const { outs } = await provider.create(urn, first);
    assert.equal((await provider.diff("release", urn, outs, first)).changes, false);
    assert.equal((await provider.diff("release", urn, outs, second)).changes, true);
    assert.deepEqual((await provider.update("release", urn, outs, second)).outs, { ...second, previous: first });
  });

  it("go back to the one before, or to the last that succeeded when an update failed", () => {
    const output = { release: { current: second, previous: first } };
    const after = (result: string, message = ""): unknown => [{ kind: "update", result, message }];
    const chosen = (history: unknown): unknown => chooseRelease("dev", parseReleases("dev", output, history));
    assert.deepEqual(chosen(after("succeeded")), first);
    assert.deepEqual(chosen(after("failed")), second);
    assert.deepEqual(chosen(after("failed", rollbackMessage)), first);
    assert.throws(() => chooseRelease("dev", parseReleases("dev", { release: { current: first } }, after("succeeded"))), /none to go back to/);
    assert.throws(() => parseReleases("dev", {}, []), /deploy it first/);
    assert.deepEqual(differences(second, first), ["somastack:domain: a.example.com -> (not set)", "somastack:images.agent: registry.example.com/agent:2 -> registry.example.com/agent:1"]);
  });

  it("are recorded when all else is there", async () => {
    const made = await run({ images: JSON.stringify({ postgres: "registry.example.com/postgres:16" }) });
    const { inputs, dependencies } = one(made, "somastack:stack:Release", "release");
    assert.deepEqual(Object.keys(inputs["images"] as object).sort(), ["agent", "ops", "postgres"]);
    for (const name of ["gateway", "health"]) assert.ok(dependencies.some((dependency) => dependency.endsWith(`::${name}`)), name);
  });

  it("do without migrations on the way back, and not without other jobs", async () => {
    const settings = load({});
    const { resources } = await record("somastack", "dev", () => new SomaStack("somastack", { settings, lock: {}, goesBack: true }).outputs);
    const jobs = (of: readonly Registered[]): string[] => of.filter(({ type }) => type === "somastack:docker:Job").map(({ name }) => name).sort();
    const ordinary = jobs((await run()).resources);
    const migrations = ["migrate-agent", "spicedb-migrate"];
    assert.ok(migrations.every((name) => ordinary.includes(name)));
    assert.deepEqual(jobs(resources), ordinary.filter((name) => !migrations.includes(name)));
    assert.ok(resources.some(({ type, name }) => type === "docker:index/container:Container" && name === "gateway"));
  });

  it("keep the repository of an image that is gone back to", async () => {
    const reference = `123456789012.dkr.ecr.us-east-1.amazonaws.com/somastack-dev/agent@sha256:${"a".repeat(64)}`;
    const made = await run(newCluster({}, { images: JSON.stringify({ agent: reference, brain: reference.replace("dev/agent", "other/brain") }), softwareMode: "SomaStackClusterMode" }));
    one(made, "aws:ecr/repository:Repository", "agent");
    const names = (type: string): string[] => made.resources.filter((resource) => resource.type === type).map(({ name }) => name);
    assert.ok(!names("docker-build:index:Image").includes("agent"));
    assert.ok(!names("aws:ecr/repository:Repository").includes("brain"));
  });
});
