import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { readDeployFile } from "../../delivery/deploy-file";
import { environmentYaml } from "../../delivery/environment";
import { readPlan, type DeliveryPlan } from "../../delivery/plan";
import { deliver } from "../../delivery/program";
import { record, type Registered } from "../../plan/record";
import { settingKeys } from "../../settings/definitions";
import { knownStacks } from "../../settings/files";
import { projectRoot } from "../../toolchain/paths";
import { withFolder } from "./temporary-folder";

/** The plan that the project's own configuration file holds. */
function ownPlan(): DeliveryPlan {
  const { config } = parse(readFileSync(join(projectRoot, "delivery", "Pulumi.main.yaml"), "utf8")) as { config: Record<string, unknown> };
  return readPlan({ organization: config["somastack-delivery:organization"], stacks: config["somastack-delivery:stacks"] });
}

describe("delivery under mocks", () => {
  let resources: readonly Registered[];
  before(async () => {
    const plan = ownPlan();
    const { dev } = plan.stacks;
    assert.ok(dev !== undefined);
    const stacks = { ...plan.stacks, dev: { ...dev, until: "2030-01-01T00:00:00Z" } };
    ({ resources } = await record("somastack-delivery", "main", () => deliver({ ...plan, stacks }, projectRoot)));
  });
  const one = (type: string, name: string): Registered => {
    const [found, ...others] = resources.filter((resource) => resource.type === type && resource.name === name);
    assert.ok(found !== undefined && others.length === 0, `${type} ${name}`);
    return found;
  };
  const named = (type: string): string[] => resources.filter((resource) => resource.type === type).map(({ name }) => name).sort();

  it("each stack has settings and an environment, below its own component", () => {
    for (const type of ["pulumiservice:index:DeploymentSettings", "pulumiservice:index:Environment"]) assert.deepEqual(named(type), ["dev", "pr", "prod"]);
    for (const { type, name, parent } of resources) {
      if (type.startsWith("pulumiservice:")) assert.equal(parent, one("somastack:delivery:Delivery", name).urn, `${type} ${name}`);
    }
  });

  it("settings say source, branch, paths, commands and the role of their file", () => {
    const { inputs } = one("pulumiservice:index:DeploymentSettings", "prod");
    const { sourceContext, gitHub, operationContext } = readDeployFile("prod", projectRoot);
    assert.deepEqual(inputs["sourceContext"], sourceContext);
    assert.deepEqual(inputs["github"], gitHub);
    assert.deepEqual([inputs["organization"], inputs["project"], inputs["stack"]], ["example", "somastack", "prod"]);
    const context = inputs["operationContext"] as { preRunCommands: string[]; oidc: object };
    assert.deepEqual(context.preRunCommands, operationContext.preRunCommands);
    assert.deepEqual(context.oidc, { aws: { roleARN: "arn:aws:iam::123456789012:role/somastack-prod", sessionName: "somastack-prod", duration: "1h0m0s" } });
  });

  it("review stacks have a template that exists, and nobody else is one", () => {
    assert.deepEqual(named("pulumiservice:index:Stack"), ["pr"]);
    const templates = resources.filter(({ type, inputs }) => type === "pulumiservice:index:DeploymentSettings" && (inputs["github"] as { pullRequestTemplate: boolean }).pullRequestTemplate);
    assert.deepEqual(templates.map(({ name }) => name), ["pr"]);
    assert.ok(templates[0]?.dependencies.includes(one("pulumiservice:index:Stack", "pr").urn));
  });

  it("drift is looked for each day and never mended by itself; a stack with an end goes wholly", () => {
    assert.deepEqual(named("pulumiservice:index:DriftSchedule"), ["dev", "prod"]);
    const { inputs, dependencies } = one("pulumiservice:index:DriftSchedule", "prod");
    assert.deepEqual([inputs["scheduleCron"], inputs["autoRemediate"]], ["0 3 * * *", false]);
    assert.ok(dependencies.includes(one("pulumiservice:index:DeploymentSettings", "prod").urn));
    assert.deepEqual(named("pulumiservice:index:TtlSchedule"), ["dev"]);
    const end = one("pulumiservice:index:TtlSchedule", "dev");
    assert.deepEqual([end.inputs["timestamp"], end.inputs["deleteAfterDestroy"]], ["2030-01-01T00:00:00Z", true]);
  });
});

describe("an environment of a stack", () => {
  const { stacks } = ownPlan();
  const { dev } = stacks;
  assert.ok(dev !== undefined);
  const { values } = parse(environmentYaml(dev, readDeployFile("dev", projectRoot).operationContext.oidc.aws)) as { values: { aws: Record<string, Record<string, unknown>>; environmentVariables: Record<string, string>; pulumiConfig: Record<string, string> } };

  it("logs into AWS by OIDC, and holds no key", () => {
    assert.deepEqual(values.aws["login"], { "fn::open::aws-login": { oidc: { roleArn: "arn:aws:iam::123456789012:role/somastack-dev", sessionName: "somastack-dev", duration: "1h" } } });
    assert.deepEqual(Object.keys(values.environmentVariables).sort(), ["AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]);
    for (const [name, value] of Object.entries(values.environmentVariables)) if (name !== "AWS_REGION") assert.match(value, /^\$\{aws\.login\.\w+\}$/);
  });

  it("gives settings that exist, its secrets as references to Secrets Manager", () => {
    assert.deepEqual(values.aws["secrets"], { "fn::open::aws-secrets": { region: "us-east-1", login: "${aws.login}", get: { openaiApiKey: { secretId: "somastack/dev/openai-api-key" } } } });
    assert.equal(values.pulumiConfig["somastack:openaiApiKey"], "${aws.secrets.openaiApiKey}");
    assert.equal(values.pulumiConfig["somastack:domain"], "dev.somastack.example.com");
    for (const key of Object.keys(values.pulumiConfig)) assert.ok((settingKeys as string[]).includes(key.replace(/^somastack:/, "")), key);
  });
});

describe("a bad delivery", () => {
  const stack = { region: "us-east-1" };
  for (const [title, given, fault] of [
    ["a secret in clear", { ...stack, config: { openaiApiKey: "sk-abc" } }, /stacks\.a\.config\.openaiApiKey: is a secret: give its secretId/],
    ["a plain setting as a secret", { ...stack, config: { domain: { secretId: "x" } } }, /domain: is no secret/],
    ["a setting that is none", { ...stack, config: { domian: "x" } }, /domian/],
    ["a schedule that is none", { ...stack, drift: "nightly" }, /drift: must be a cron expression/],
    ["an end that is no time", { ...stack, until: "tomorrow" }, /until/],
    ["a word too much", { ...stack, remediate: true }, /remediate/],
  ] as const) {
    it(`is refused: ${title}`, () => assert.throws(() => readPlan({ organization: "example", stacks: { a: given } }), fault));
  }
});

describe("files of deployment settings", () => {
  it("are no stacks", () => assert.deepEqual(knownStacks(projectRoot).filter((name) => name.includes("deploy")), []));

  it("watch paths that exist", () => {
    for (const stack of ["dev", "prod", "pr"]) {
      for (const path of readDeployFile(stack, projectRoot).gitHub.paths) assert.ok(existsSync(join(projectRoot, path.replace(/\/\*\*$/, ""))), path);
    }
  });

  it("are refused with every fault of a file", () => {
    const text = "settings:\n  sourceContext: { git: { branch: main } }\n  gitHub: { repository: somastack, deployCommits: true, previewPullRequests: true, pullRequestTemplate: false, paths: [] }\n";
    withFolder({ "Pulumi.a.deploy.yaml": text }, (folder) => {
      assert.throws(() => readDeployFile("a", folder), /sourceContext\.git\.branch: .*gitHub\.repository: must be OWNER\/REPOSITORY.*gitHub\.paths: .*operationContext: /);
    });
  });
});
