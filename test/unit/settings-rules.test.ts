import assert from "node:assert/strict";
import fc from "fast-check";
import { definitionOf, settingKeys, type SettingKey } from "../../settings/definitions";
import { faultsOf, load } from "./settings-support";

/** A value that each setting must refuse, and a part of the rule that its fault must name. */
const refused: Partial<Record<SettingKey, [value: string, rule: RegExp]>> = {
  deploymentMode: ["prod", /PROD, DEV/],
  deploymentTarget: ["DOCKER", /LOCAL, FARGATE, EKS, ECS_EC2, EC2, APP_RUNNER/],
  saasMode: ["yes", /true or false/],
  softwareMode: ["Cluster", /StandAlone, SomaStackClusterMode/],
  dbDsn: ["postgresql://soma:p%40ss@db:5432/x", /letters and digits/],
  redisUrl: ["redis://host:6379/1", /database 0/],
  dbHost: ["db host", /host name/],
  dbPort: ["70000", /1 to 65535/],
  dbName: ["Soma-DB", /PostgreSQL identifier/],
  dbUser: ["1soma", /PostgreSQL identifier/],
  dbPassword: ["p@ss", /letters and digits/],
  keycloakUrl: ["keycloak:20880", /http/],
  keycloakRealm: ["soma stack", /letters, digits/],
  keycloakClientId: ["soma agent", /letters, digits/],
  keycloakClientSecret: ["", /empty/],
  spicedbUrl: ["grpc://spicedb:20051", /http/],
  spicedbApiKey: ["short", /8 to 128/],
  opaUrl: ["opa", /http/],
  saasDefaultChatModel: [" ", /empty/],
  chatProvider: ["azure", /openrouter, openai/],
  lagoApiUrl: ["ftp://lago", /http/],
  smtpHost: ["smtp_host!", /host name/],
  smtpPort: ["0", /1 to 65535/],
  somabrainApiUrl: ["somabrain", /http/],
  somamemoryApiUrl: ["//memory", /http/],
  memoryApiToken: ["a b", /letters and digits/],
  milvusHost: ["milvus/", /host name/],
  milvusPort: ["19530.5", /whole number/],
  kafkaBootstrapServers: ["kafka", /HOST:PORT/],
  memoryEnabled: ["1", /true or false/],
  voiceEnabled: ["on", /true or false/],
  mcpEnabled: ["", /true or false/],
  codeExecutionEnabled: ["True", /true or false/],
  debug: ["TRUE", /true or false/],
  secretKey: ["short", /32/],
  allowedHosts: ["agent.example.com/path", /host names/],
  images: ["agent", /object/],
  imageMirror: ["https://mirror.example.com", /HOST/],
  memoryBudgetGib: ["much", /number of GiB/],
  observability: ["some", /mode, health, full/],
};

describe("rules of settings", () => {
  for (const [key, [value, rule]] of Object.entries(refused) as [SettingKey, [string, RegExp]][]) {
    it(`${key} refuses ${JSON.stringify(value)} and says what is allowed`, () => {
      const fault = faultsOf({ [key]: value }).find((entry) => entry.key === `somastack:${key}`);
      assert.ok(fault, `${key} = ${JSON.stringify(value)} was accepted`);
      assert.match(fault.rule, rule);
      assert.notEqual(fault.mend, "");
    });
  }

  for (const key of settingKeys) {
    it(`${key} accepts its own example and default`, () => {
      const { example, schema } = definitionOf(key);
      const parsed = schema.safeParse(example);
      assert.ok(parsed.success, parsed.error?.message);
      const { default: text } = definitionOf(key);
      if (text !== undefined) assert.ok(schema.safeParse(text).success, `default ${text}`);
    });
  }

  it("gives each setting a variable of its own", () => {
    const variables = settingKeys.map((key) => definitionOf(key).variable);
    assert.equal(new Set(variables).size, variables.length);
  });

  it("accepts every port from 1 to 65535 and no other whole number", () => {
    fc.assert(
      fc.property(fc.integer({ min: -70_000, max: 140_000 }), (port) => {
        assert.equal(faultsOf({ dbPort: String(port) }).length === 0, port >= 1 && port <= 65_535);
      }),
    );
  });

  it("accepts every password of 8 to 128 letters and digits and none with another sign", () => {
    fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9]{8,128}$/), (password) => faultsOf({ dbPassword: password }).length === 0));
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{8,20}$/), fc.constantFrom("@", ":", "/", "%", " ", "ü"), (password, sign) => {
        assert.equal(faultsOf({ dbPassword: password + sign }).length, 1);
      }),
    );
  });

  it("reads flags, numbers and lists as such", () => {
    const { values } = load({ saasMode: "true", memoryBudgetGib: "7.5", allowedHosts: "a.example.com, b.example.com" });
    assert.equal(values.saasMode, true);
    assert.equal(values.memoryBudgetGib, 7.5);
    assert.deepEqual(values.allowedHosts, ["a.example.com", "b.example.com"]);
  });

  it("reads images as references or builds, with the defaults of a build", () => {
    const { values } = load({ images: JSON.stringify({ agent: "registry.example.com/agent:1.4.2", brain: { build: { context: "../brain" } } }) });
    assert.equal(values.images["agent"], "registry.example.com/agent:1.4.2");
    assert.deepEqual(values.images["brain"], { build: { context: "../brain", dockerfile: "Dockerfile", args: {} } });
  });

  it("refuses an unknown key inside a build", () => {
    assert.match(faultsOf({ images: JSON.stringify({ agent: { build: { context: ".", docker_file: "x" } } }) })[0]?.rule ?? "", /agent\.build.*docker_file/);
  });
});
