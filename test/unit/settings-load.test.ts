import assert from "node:assert/strict";
import { definitionOf, settingKeys } from "../../settings/definitions";
import { ConfigurationError, describeFault } from "../../settings/faults";
import { isUnpinned } from "../../settings/rules";
import { faultsOf, load, production, productionSecrets } from "./settings-support";

describe("precedence of settings", () => {
  it("takes stack config before the environment before .env before the default", () => {
    const environment = { SA01_DB_NAME: "fromenv" };
    const dotenv = { SA01_DB_NAME: "fromdotenv" };
    assert.equal(load({ dbName: "fromconfig" }, { environment, dotenv }).values.dbName, "fromconfig");
    assert.equal(load({}, { environment, dotenv }).values.dbName, "fromenv");
    assert.equal(load({}, { dotenv }).values.dbName, "fromdotenv");
    assert.equal(load().values.dbName, "somaagent01");
  });

  it("tells where each value comes from", () => {
    const { origins } = load({ dbName: "a" }, { environment: { SA01_DB_USER: "b" }, dotenv: { SA01_DB_PORT: "5433" } });
    assert.deepEqual([origins.dbName, origins.dbUser, origins.dbPort, origins.dbHost], ["stack config", "environment", ".env", "default"]);
  });

  it("warns when two sources disagree, and names both", () => {
    const { warnings } = load({ deploymentTarget: "LOCAL" }, { dotenv: { SA01_DEPLOYMENT_TARGET: "EKS" } });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /somastack:deploymentTarget \(stack config\) and SA01_DEPLOYMENT_TARGET \(\.env\) disagree; "LOCAL" is used/);
  });

  it("says nothing when two sources agree", () => {
    assert.deepEqual(load({ deploymentTarget: "LOCAL" }, { dotenv: { SA01_DEPLOYMENT_TARGET: "LOCAL" } }).warnings, []);
  });

  it("never shows a secret in a warning", () => {
    const { warnings } = load({ dbPassword: "Secret111" }, { environment: { SA01_DB_PASSWORD: "Secret222" } });
    assert.equal(warnings.length, 1);
    assert.doesNotMatch(warnings[0] ?? "", /Secret111|Secret222/);
  });

  it("checks a value that loses, too", () => {
    const faults = faultsOf({ dbPort: "5432" }, { dotenv: { SA01_DB_PORT: "abc" } });
    assert.deepEqual(faults.map(({ key, value }) => [key, value]), [["SA01_DB_PORT", "abc"]]);
    assert.match(faults[0]?.mend ?? "", /\.env/);
  });

  it("takes an empty variable as absent", () => {
    assert.equal(load({}, { environment: { SA01_DB_NAME: "" } }).values.dbName, "somaagent01");
  });

  it("accepts the variable of every setting from every source", () => {
    const withPartners = { smtpUser: "apikey", smtpPassword: "x", dbPassword: "S3cretS3cret", keycloakClientSecret: "x", spicedbApiKey: "S3cretS3cret", memoryApiToken: "S3cretS3cret" };
    for (const key of settingKeys) {
      const { variable, example } = definitionOf(key);
      if (key in withPartners || key === "deploymentMode") continue;
      assert.equal(load({ ...withPartners, [key]: example }).origins[key], "stack config", key);
      assert.equal(load(withPartners, { environment: { [variable]: example } }).origins[key], "environment", key);
      assert.equal(load(withPartners, { dotenv: { [variable]: example } }).origins[key], ".env", key);
    }
  });
});

describe("faults of settings", () => {
  it("come all at once", () => {
    const faults = faultsOf({ dbPort: "abc", debug: "maybe", softwareMod: "StandAlone" }, { environment: { OPA_URL: "opa" } });
    assert.deepEqual(faults.map(({ key }) => key).sort(), ["OPA_URL", "somastack:dbPort", "somastack:debug", "somastack:softwareMod"]);
  });

  it("name the nearest key for an unknown one", () => {
    assert.match(faultsOf({ deploymentTraget: "LOCAL" })[0]?.mend ?? "", /somastack:deploymentTarget\?/);
    assert.match(faultsOf({ zzzzzzzzzzzz: "1" })[0]?.mend ?? "", /Remove it/);
  });

  it("refuse an unknown variable of ours in .env and let others be", () => {
    assert.match(faultsOf({}, { dotenv: { SA01_DEPLOYMENT_TARGT: "EKS" } })[0]?.mend ?? "", /SA01_DEPLOYMENT_TARGET\?/);
    assert.deepEqual(faultsOf({}, { dotenv: { EDITOR_OF_CHOICE: "vi" } }), []);
  });

  it("only warn of a misspelt variable of the environment", () => {
    assert.match(load({}, { environment: { SA01_DB_NMAE: "x" } }).warnings[0] ?? "", /SA01_DB_NMAE.*did you mean SA01_DB_NAME/);
  });

  it("mask secrets", () => {
    const fault = faultsOf({ dbPassword: "p@ssw0rd!" })[0];
    assert.ok(fault);
    assert.equal(fault.value, "[secret]");
    assert.doesNotMatch(describeFault(fault), /p@ssw0rd/);
  });

  it("read as key, value, rule and mend", () => {
    assert.equal(
      new ConfigurationError(faultsOf({ debug: "maybe" })).message,
      '1 fault in the configuration, nothing was changed:\n  - somastack:debug = "maybe": must be true or false. Correct it in Pulumi.dev.yaml, for example false.',
    );
  });
});

describe("external services", () => {
  it("are external when the user names one, provisioned otherwise", () => {
    const settings = load({ keycloakUrl: "https://sso.example.com", keycloakClientSecret: "abc" });
    assert.equal(settings.isExternal("keycloakUrl"), true);
    assert.equal(settings.isExternal("opaUrl"), false);
  });

  it("are not external when the guide's default is copied", () => {
    assert.equal(load({}, { dotenv: { SA01_DB_DSN: "postgresql://user:pass@host:5432/db" } }).isExternal("dbDsn"), false);
  });

  for (const [key, value, secret] of [
    ["keycloakUrl", "https://sso.example.com", "keycloakClientSecret"],
    ["spicedbUrl", "https://spicedb.example.com", "spicedbApiKey"],
    ["dbHost", "db.example.com", "dbPassword"],
    ["somamemoryApiUrl", "https://memory.example.com", "memoryApiToken"],
  ] as const) {
    it(`${key} needs ${secret}`, () => {
      assert.deepEqual(faultsOf({ [key]: value }).map((fault) => fault.key), [`somastack:${secret}`]);
      assert.deepEqual(faultsOf({ [key]: value, [secret]: "S3cretS3cret" }), []);
    });
  }

  it("refuse two ways to name the database", () => {
    const dbDsn = "postgresql://soma:S3cretS3cret@db.example.com:5432/somaagent01";
    assert.deepEqual(faultsOf({ dbDsn, dbHost: "db.example.com", dbPassword: "S3cretS3cret" }).map(({ key }) => key), ["somastack:dbHost"]);
  });

  it("want mail user and password together", () => {
    assert.deepEqual(faultsOf({ smtpUser: "apikey" }).map(({ key }) => key), ["somastack:smtpPassword"]);
    assert.deepEqual(faultsOf({ smtpPassword: "x" }).map(({ key }) => key), ["somastack:smtpUser"]);
  });
});

describe("PROD", () => {
  const inProduction = (config: Record<string, string>, others: Partial<Parameters<typeof faultsOf>[1]> = {}): string[] =>
    faultsOf({ ...production, ...config }, { secretKeys: productionSecrets, ...others }).map(({ key }) => key);

  it("accepts a complete configuration", () => {
    assert.deepEqual(inProduction({}), []);
  });

  it("refuses debug mode", () => {
    assert.deepEqual(inProduction({ debug: "true" }), ["somastack:debug"]);
  });

  it("refuses no allowed host and every host", () => {
    assert.deepEqual(inProduction({ allowedHosts: "" }), ["somastack:allowedHosts"]);
    assert.deepEqual(inProduction({ allowedHosts: "a.example.com,*" }), ["somastack:allowedHosts"]);
  });

  it("refuses missing required values", () => {
    assert.deepEqual(faultsOf({ deploymentMode: "PROD", allowedHosts: "a.example.com" }).map(({ key }) => key), ["somastack:openaiApiKey"]);
  });

  for (const url of ["http://localhost:20181", "http://127.0.0.1:20181", "http://0.0.0.0:20181", "http://[::1]:20181"]) {
    it(`refuses ${url}`, () => assert.deepEqual(inProduction({ opaUrl: url }), ["somastack:opaUrl"]));
  }

  it("accepts a host whose name begins with localhost", () => {
    assert.deepEqual(inProduction({ opaUrl: "http://localhost.example.com:20181" }), []);
  });

  it("refuses secrets in clear in stack config and .env, not in the environment", () => {
    assert.deepEqual(inProduction({ secretKey: "x".repeat(40) }), ["somastack:secretKey"]);
    assert.deepEqual(inProduction({}, { dotenv: { SECRET_KEY: "x".repeat(40) } }), ["SECRET_KEY"]);
    assert.deepEqual(inProduction({}, { environment: { SECRET_KEY: "x".repeat(40) } }), []);
  });

  it("refuses images that move", () => {
    assert.deepEqual(inProduction({ images: '{"agent": "registry.example.com/agent:latest"}' }), ["somastack:images.agent"]);
  });

  it("knows which references move", () => {
    assert.deepEqual(
      ["a/b", "a/b:latest", "host:5000/a/b", "a/b:1.2", "host:5000/a:1", `a/b@sha256:${"0".repeat(64)}`].map(isUnpinned),
      [true, true, true, false, false, false],
    );
  });
});

describe("sealed secrets", () => {
  const sealed = { secretKeys: new Set(["dbPassword"]), sealedKeys: new Set(["dbPassword"]) };

  it("count as present without a look at their text", () => {
    const settings = load({ dbHost: "db.example.com", dbPassword: '{"secure":"v1:abc"}' }, sealed);
    assert.equal(settings.origins.dbPassword, "stack config");
    assert.notEqual(settings.values.dbPassword, undefined);
  });

  it("make an external service external", () => {
    assert.equal(load({ dbDsn: '{"secure":"v1:abc"}' }, { secretKeys: new Set(["dbDsn"]), sealedKeys: new Set(["dbDsn"]) }).isExternal("dbDsn"), true);
  });

  it("win over other sources, with a warning", () => {
    const { warnings } = load({ dbPassword: '{"secure":"v1:abc"}' }, { ...sealed, environment: { SA01_DB_PASSWORD: "S3cretS3cret" } });
    assert.match(warnings[0] ?? "", /are both set; the value of stack config is used/);
  });

  it("are no secrets in clear in PROD", () => {
    const both = new Set(["dbPassword", "openaiApiKey"]);
    assert.deepEqual(faultsOf({ ...production, dbPassword: "?" }, { secretKeys: both, sealedKeys: both }), []);
  });
});
