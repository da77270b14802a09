import assert from "node:assert/strict";

import fc from "fast-check";

import { definitionOf, settingKeys, type SettingKey } from "../../settings/definitions";
import { cloud, faultsOf, production, productionSecrets } from "./settings-support";

/** Values that each setting refuses. */
const bad: Readonly<Record<SettingKey, readonly string[]>> = {
  deploymentMode: ["prod", "TEST", "PROD "],
  deploymentTarget: ["DOCKER", "fargate", "EKS,EC2", "AZURE"],
  saasMode: ["yes", "1", "TRUE"],
  softwareMode: ["Cluster", "standalone", "SomaStack"],
  dbDsn: ["postgresql://soma:p%40ss@db:5432/x", "mysql://u:p@h:3306/d", "postgresql://u:p@h:5432/d?sslmode=require", "postgresql://u@h:5432/d", "db.example.com"],
  redisUrl: ["redis://host:6379/1", "http://host:6379/0", "redis://host/0", "redis://host:6379"],
  dbHost: ["db host", "db_1.example.com/", "-db", "http://db"],
  dbPort: ["70000", "0", "-1", "5432.5", "five"],
  dbName: ["Soma-DB", "1db", "a".repeat(64)],
  dbUser: ["1soma", "Soma", "soma admin"],
  dbPassword: ["p@ss", "short", "päßwörter1", "a".repeat(129)],
  keycloakUrl: ["keycloak:20880", "ftp://sso", "//sso"],
  keycloakRealm: ["soma stack", "soma/stack"],
  keycloakClientId: ["soma agent", "soma:agent"],
  keycloakClientSecret: [" "],
  spicedbUrl: ["grpc://spicedb:20051", "spicedb"],
  spicedbApiKey: ["short", "with space 123"],
  opaUrl: ["opa", "tcp://opa:20181"],
  saasDefaultChatModel: [" "],
  chatProvider: ["azure", "OpenAI"],
  openaiApiKey: [" "],
  anthropicApiKey: ["\t"],
  lagoApiUrl: ["ftp://lago", "lago:3000"],
  lagoApiKey: [" "],
  smtpHost: ["smtp_host!", "smtp host"],
  smtpPort: ["0", "65536", "smtp"],
  smtpUser: [" "],
  smtpPassword: [" "],
  somabrainApiUrl: ["somabrain", "ws://brain"],
  somamemoryApiUrl: ["//memory", "memory:10101"],
  memoryApiToken: ["a b", "short"],
  milvusHost: ["milvus/", "mil vus"],
  milvusPort: ["19530.5", "0x10", "99999"],
  kafkaBootstrapServers: ["kafka", "kafka:9092,", "kafka:9092;kafka2:9092"],
  memoryEnabled: ["1", "on"],
  voiceEnabled: ["on", "no"],
  mcpEnabled: ["enabled", "0"],
  codeExecutionEnabled: ["True", "y"],
  debug: ["1", "False"],
  secretKey: ["too-short", "a".repeat(31)],
  allowedHosts: ["https://agent.example.com", "a b.example.com", "agent.example.com:443"],
  rotation: ["[]", "3", '{"secret-key": 0}', '{"secret-key": "2"}', '{"secret-key": 100}', "{not json"],
  images: ["[]", '"agent"', '{"agent": 1}', '{"agent": {"build": {}}}', "{not json", '{"agent": "UPPER/case"}'],
  imageMirror: ["https://mirror.example.com", "mirror example"],
  memoryBudgetGib: ["0", "2000", "much"],
  observability: ["none", "Full"],
  accept: ["No-Websocket", "no websocket", "no_websocket"],
  domain: ["https://agent.example.com", "agent", "Agent.Example.com", "agent_1.example.com", "agent.example.com/"],
  hostedZoneId: ["z0123456789", "0123456789ABC", "Z1"],
  certificateArn: ["arn:aws:iam::123456789012:server-certificate/x", "arn:aws:acm:us-east-1:1:certificate/x", "certificate"],
  region: ["us-east", "US-EAST-1", "Frankfurt"],
  network: ['{"cidr": "8.8.0.0/16"}', '{"cidr": "10.0.0.0/24"}', '{"vpcId": "vpc-1"}', '{"vpcId": "vpc-1", "cidr": "10.0.0.0/16", "privateSubnetIds": ["subnet-1"], "publicSubnetIds": ["subnet-2"]}', "10.0.0.0/16"],
  waf: ["on", "2"],
  alarmEmail: ["oncall", "oncall@", "@example.com"],
  logRetentionDays: ["0", "2", "31", "forever"],
  cluster: ['{"version": "1.27"}', '{"version": "2.0"}', '{"kubeconf": "x"}', '{"adminCidrs": ["everyone"]}', '{"without": ["istio"]}', '{"data": "postgres"}', "cluster"],
  appRunner: ['{"engine": "lambda"}', '{"engines": "express"}', "express"],
  ec2: ['{"groups": "two"}', '{"group": "one"}', "one"],
};

/** Faults between settings: the configuration, and the keys that are named. */
const combinations: readonly [title: string, config: Record<string, string>, keys: readonly string[]][] = [
  ["an external PostgreSQL without its password", { dbHost: "db.example.com" }, ["somastack:dbPassword"]],
  ["PostgreSQL named twice", { dbHost: "db.example.com", dbPassword: "S3cretS3cret", dbDsn: "postgresql://a:b@db.example.com:5432/c" }, ["somastack:dbHost"]],
  ["an external Keycloak without its client's secret", { keycloakUrl: "https://sso.example.com" }, ["somastack:keycloakClientSecret"]],
  ["an external SpiceDB without its key", { spicedbUrl: "https://spicedb.example.com" }, ["somastack:spicedbApiKey"]],
  ["an external memory without the token", { somamemoryApiUrl: "https://memory.example.com" }, ["somastack:memoryApiToken"]],
  ["a mail user without password", { smtpUser: "apikey" }, ["somastack:smtpPassword"]],
  ["a mail password without user", { smtpPassword: "S3cretS3cret" }, ["somastack:smtpUser"]],
  ...["FARGATE", "ECS_EC2", "EKS", "EC2", "APP_RUNNER"].map((target): [string, Record<string, string>, string[]] => [`${target} without domain and certificate`, { deploymentTarget: target }, ["somastack:domain", "somastack:certificateArn"]]),
  ["EKS on an existing cluster without domain", { deploymentTarget: "EKS", cluster: '{"context": "mine"}' }, ["somastack:domain"]],
  ["PROD without anything", { deploymentMode: "PROD" }, ["somastack:allowedHosts", "somastack:openaiApiKey"]],
  ["PROD with debug", { ...production, debug: "true" }, ["somastack:debug"]],
  ["PROD for every host", { ...production, allowedHosts: "*" }, ["somastack:allowedHosts"]],
  ["PROD with a moving image", { ...production, images: '{"agent": "registry.example.com/agent:latest"}' }, ["somastack:images.agent"]],
  ["PROD with an image without version", { ...production, images: '{"brain": "registry.example.com/brain"}' }, ["somastack:images.brain"]],
  ["PROD with an address of this machine", { ...production, opaUrl: "http://localhost:20181" }, ["somastack:opaUrl"]],
  ["PROD with a loopback broker", { ...production, kafkaBootstrapServers: "127.0.0.1:9092" }, ["somastack:kafkaBootstrapServers"]],
  ["a misspelt key", { deploymentTargt: "LOCAL" }, ["somastack:deploymentTargt"]],
  ["several at once", { deploymentMode: "TEST", dbPort: "0", memoryEnabled: "maybe", nonsense: "1" }, ["somastack:deploymentMode", "somastack:dbPort", "somastack:memoryEnabled", "somastack:nonsense"]],
];

const keysOf = (config: Record<string, string>): string[] => faultsOf(config, { secretKeys: productionSecrets }).map(({ key }) => key);

describe("bad configurations", () => {
  it("are more than 120, and leave no setting out", () => {
    assert.deepEqual(Object.keys(bad).sort(), [...settingKeys].sort());
    assert.ok(Object.values(bad).flat().length + combinations.length >= 120);
  });

  for (const key of settingKeys) {
    for (const value of bad[key]) {
      it(`${key} = ${JSON.stringify(value.slice(0, 60))}`, () => {
        const found = faultsOf({ [key]: value }).filter((fault) => fault.key === `somastack:${key}`);
        assert.equal(found.length, 1, "one fault names the key");
        const [fault] = found;
        assert.ok(fault !== undefined && fault.rule !== "" && fault.mend.length > 10);
        // The value of a secret is never repeated.
        assert.equal(fault.value, definitionOf(key).secret === true ? "[secret]" : value);
      });
    }
  }

  for (const [title, config, keys] of combinations) {
    it(title, () => {
      const found = keysOf(config);
      for (const key of keys) assert.ok(found.includes(key), `${key} is not among ${found.join(", ")}`);
    });
  }

  it("ports: exactly 1 to 65535", () => {
    for (const key of ["dbPort", "milvusPort", "smtpPort"]) {
      fc.assert(fc.property(fc.integer({ min: -100_000, max: 200_000 }), (port) => {
        assert.equal(keysOf({ [key]: String(port) }).includes(`somastack:${key}`), port < 1 || port > 65_535);
      }));
    }
  });

  it("memory budget: exactly 1 to 1024 GiB", () => {
    fc.assert(fc.property(fc.integer({ min: -10, max: 5000 }), (gib) => {
      assert.equal(keysOf({ memoryBudgetGib: String(gib) }).includes("somastack:memoryBudgetGib"), gib < 1 || gib > 1024);
    }));
  });

  it("networks: exactly private ranges from /16 to /20", () => {
    fc.assert(fc.property(fc.constantFrom("10.1.0.0", "172.16.0.0", "172.31.0.0", "192.168.0.0", "172.32.0.0", "11.0.0.0", "8.8.8.0"), fc.integer({ min: 8, max: 28 }), (range, size) => {
      const right = ["10.1.0.0", "172.16.0.0", "172.31.0.0", "192.168.0.0"].includes(range) && size >= 16 && size <= 20;
      assert.equal(keysOf({ network: JSON.stringify({ cidr: `${range}/${size}` }) }).includes("somastack:network"), !right);
    }));
  });

  it("any one letter wrong in a key is refused, and the right key is named", () => {
    fc.assert(fc.property(fc.constantFrom(...settingKeys), fc.nat(), (key, at) => {
      const index = at % key.length;
      const misspelt = `${key.slice(0, index)}${key[index] === "x" ? "y" : "x"}${key.slice(index + 1)}`;
      const fault = faultsOf({ [misspelt]: "1" }).find((candidate) => candidate.key === `somastack:${misspelt}`);
      assert.ok(fault !== undefined, misspelt);
      if (key.length > 4) assert.match(fault.mend, /Did you mean somastack:/);
    }));
  });

  it("the cloud's own example is a good one", () => assert.deepEqual(keysOf({ ...cloud, deploymentTarget: "FARGATE" }), []));
});
