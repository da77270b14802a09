import assert from "node:assert/strict";

import { mermaidDiagram, svgDiagram } from "../../plan/diagram";
import { networkOf } from "../../plan/network";
import { mermaidNetwork, svgNetwork } from "../../plan/network-diagram";
import { planStack, type Plan } from "../../plan/plan";
import { record } from "../../plan/record";
import { counts, tree } from "../../plan/tree";
import { planDeployment } from "../../services/deployment";
import { edgesOf } from "../../services/edges";
import { parity } from "../../services/parity";
import * as pulumi from "@pulumi/pulumi";
import { targets } from "../../stacks/target";
import { projectRoot } from "../../toolchain/paths";
import { recordedStack, settingsOf } from "./recorded";
import { cloud, load } from "./settings-support";

/** A resource type that shows that a target did its work. */
const telling: Readonly<Record<string, string>> = {
  LOCAL: "docker:index/container:Container", FARGATE: "aws:ecs/service:Service", ECS_EC2: "aws:ecs/capacityProvider:CapacityProvider", EKS: "kubernetes:apps/v1:Deployment",
  APP_RUNNER: "aws:apprunner/service:Service",
  EC2: "somastack:ec2:Refresh",
};

describe("a plan", function () {
  this.timeout(120_000);

  for (const target of targets) {
    for (const mode of ["StandAlone", "SomaStackClusterMode"]) {
      for (const prod of [false, true]) {
        it(`of ${target}, ${mode}, ${prod ? "PROD" : "DEV"}: everything below a component of ours, named once, secrets masked`, async () => {
          const { plan } = await recordedStack(target, mode, prod);
          const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
          assert.equal(byUrn.size, plan.resources.length);
          for (const { urn, type, parent, dependencies } of plan.resources) {
            if (type !== "somastack:index:SomaStack") assert.ok(byUrn.get(parent) !== undefined, `${urn} has no parent in the plan`);
            for (const dependency of dependencies) assert.ok(byUrn.has(dependency), `${urn} depends on ${dependency}`);
          }
          assert.ok(plan.resources.some(({ type }) => type === telling[target]), telling[target]);
          const names = plan.resources.filter(({ type }) => type.startsWith("somastack:index:")).map(({ type }) => type.split(":")[2]).sort();
          assert.deepEqual(names, mode === "StandAlone"
            ? ["ControlPlane", "DataTier", "DatabaseMigrations", "Observability", "SomaStack"]
            : ["Brain", "ControlPlane", "DataTier", "DatabaseMigrations", "Memory", "Observability", "SomaStack"]);
          const text = JSON.stringify(plan);
          assert.ok(text.includes("[secret]"));
          assert.ok(!text.includes("sk-abc"), "a secret of the user's is in clear");
          assert.ok(!/imagined[0-9a-f]{24}/.test(text), "a generated password is in clear");
          assert.ok(!text.includes(projectRoot), "a path of this machine is in the plan");
        });
      }
    }
  }

  it("is the same, byte by byte, at every run", async () => {
    const settings = settingsOf("FARGATE", "SomaStackClusterMode", true);
    assert.equal(JSON.stringify(await planStack(settings)), JSON.stringify(await planStack(settings)));
  });

  it("has exactly the published shape", async () => {
    const plan = await planStack(settingsOf("LOCAL", "StandAlone", false));
    assert.deepEqual(Object.keys(plan), ["stack", "target", "resources", "outputs", "warnings"]);
    for (const resource of plan.resources) assert.deepEqual(Object.keys(resource), ["urn", "type", "name", "parent", "dependencies", "inputs"]);
  });

  it("carries accepted limits as warnings, in the outputs too", async () => {
    const plan = await planStack(load({ ...cloud, deploymentTarget: "FARGATE", accept: "all" }));
    assert.deepEqual((plan.outputs as { warnings: string[] }).warnings, plan.warnings);
  });

  it("refuses a program that registers a URN twice, as the engine does", async () => {
    const twice = (): void => {
      const outer = ["a", "b"].map((name) => new pulumi.ComponentResource("test:index:Outer", name));
      for (const parent of outer) new pulumi.ComponentResource("test:index:Inner", "same", {}, { parent });
    };
    await assert.rejects(record("test", "test", twice), /more than once: .*Inner::same/);
  });

  it("is shown as a tree in which every resource stands once", async () => {
    const plan: Plan = await planStack(settingsOf("FARGATE", "StandAlone", false));
    const lines = tree(plan);
    assert.equal(lines.length, plan.resources.length);
    assert.match(lines[0] ?? "", /^└─ somastack {2}somastack:index:SomaStack$/);
    assert.equal(counts(plan).reduce((sum, [, count]) => sum + count, 0), plan.resources.length);
  });
});

describe("parity and diagram", () => {
  const on = (target: string) => planDeployment(settingsOf(target, "SomaStackClusterMode", false));

  it("a target does not differ from itself", () => assert.deepEqual(parity(on("FARGATE"), on("FARGATE")), []));

  it("LOCAL and FARGATE differ in limits, ports, entries and addresses, and not in what a service is called", () => {
    const found = parity(on("LOCAL"), on("FARGATE"));
    const of = (item: string, what: string) => found.find((difference) => difference.item === item && difference.what === what);
    assert.deepEqual(of("gateway", "limit memory"), { item: "gateway", what: "limit memory", first: "1536 MiB", second: "16384 MiB" });
    assert.equal(of("gateway", "port 9000")?.first, "127.0.0.1:20020");
    assert.equal(of("admin", "entry")?.second, "https://admin.agent.example.com");
    assert.equal(of("postgres", "runs as")?.second, "managed service of AWS");
    assert.equal(of("gateway", "variable SA01_DB_NAME"), undefined);
  });

  for (const [format, draw] of [["SVG", svgDiagram], ["Mermaid", mermaidDiagram], ["SVG of the network", svgNetwork], ["Mermaid of the network", mermaidNetwork]] as const) {
    for (const target of targets) {
      it(`draws every service of ${target} and is the same at every run: ${format}`, () => {
        const deployment = on(target);
        const text = draw(deployment);
        for (const { title } of deployment.services) assert.ok(text.includes(title), title);
        assert.equal(draw(on(target)), text);
      });
    }
  }

  it("the network has one way in, by the public entrance, and data behind the services", () => {
    const { zones, ways } = networkOf(on("FARGATE"));
    assert.deepEqual(zones.map(({ id }) => id), ["internet", "public", "private", "data"]);
    assert.deepEqual(ways.map(({ from, to }) => `${from} ${to}`), ["internet public", "public private", "private data"]);
    const titles = (id: string) => zones.find((zone) => zone.id === id)?.nodes.map(({ title }) => title) ?? [];
    assert.deepEqual(titles("public"), ["Public entrance", "NAT gateways"]);
    assert.ok(titles("private").includes("Gateway") && !titles("private").includes("PostgreSQL"));
    assert.deepEqual(titles("data"), ["PostgreSQL", "Redis", "Kafka", "MinIO"]);
  });

  it("the front of APP_RUNNER stands beside the network, in each engine", () => {
    const front = (engine: string) => networkOf(planDeployment(load({ ...cloud, deploymentTarget: "APP_RUNNER", accept: "all", appRunner: JSON.stringify({ engine }) }))).zones
      .flatMap(({ id, nodes }) => nodes.filter(({ title }) => title === "Gateway").map(({ detail }) => `${id}: ${detail}`));
    assert.deepEqual(front("apprunner"), ["public: on App Runner"]);
    assert.deepEqual(front("express"), ["public: on ECS Express Mode"]);
  });

  it("what is published on this machine is the way into the network of Docker", () => {
    const [host] = networkOf(on("LOCAL")).zones;
    assert.ok(host?.nodes.some(({ title, detail }) => title === "127.0.0.1:20020" && detail === "Gateway, http"));
  });

  it("every connection has both ends in the deployment, and the gateway reaches what it needs", () => {
    const deployment = on("FARGATE");
    const edges = edgesOf(deployment);
    const names = new Set([...deployment.services, ...deployment.jobs].map(({ name }) => name));
    assert.ok(edges.every(({ from, to }) => names.has(from) && names.has(to)));
    const reached = edges.filter(({ from }) => from === "gateway").map(({ to, port }) => `${to}:${port}`);
    for (const wanted of ["postgres:5432", "redis:6379", "keycloak:20880", "spicedb:20051", "opa:20181", "brain:30101", "memory:10101", "kafka:9092", "jaeger:4318"]) assert.ok(reached.includes(wanted), wanted);
  });
});
