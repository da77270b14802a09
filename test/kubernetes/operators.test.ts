import assert from "node:assert/strict";
import { join } from "node:path";

import { startKubernetes, type KubernetesCluster } from "../../toolchain/kubernetes-cluster";
import { defineOperators, operate } from "./operators";
import { ClusterStack } from "./stack";

const namespace = "somastack-engine";

describe("SomaStack with operators for its data, on a real Kubernetes API", function () {
  this.timeout("10 minutes");
  const operators = new AbortController();
  let cluster: KubernetesCluster | undefined;
  let stack: ClusterStack;
  let operating: Promise<void> | undefined;
  const report = (line: string): void => void process.stdout.write(`    ${line}\n`);

  before(async () => {
    stack = await ClusterStack.create(report);
    cluster = await startKubernetes(join(stack.folder, "cluster"), { failing: { images: [], message: "" } }, report);
    await defineOperators(cluster.api);
    operating = operate(cluster.api, operators.signal);
  });

  after(async () => {
    operators.abort();
    await operating;
    await cluster?.stop();
    stack.dispose();
  });

  it("comes up, with what the operators are to run", async () => {
    assert.ok(cluster !== undefined);
    const { kubeconfig, context, api } = cluster;
    stack.configure({
      deploymentTarget: "EKS", deploymentMode: "DEV", softwareMode: "SomaStackClusterMode", domain: "agent.example.com",
      images: Object.fromEntries(["agent", "brain", "memory", "ops"].map((name) => [name, `registry.example.com/${name}:1.0.0`])),
      cluster: { kubeconfig, context, data: "operators", without: ["metrics-server", "cert-manager", "vertical-pod-autoscaler", "kube-state-metrics", "cloudnative-pg", "strimzi", "redis-operator"] },
    });
    const { code, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.equal(code, 0, output);
    const { spec } = await api.request("GET", `/apis/postgresql.cnpg.io/v1/namespaces/${namespace}/clusters/postgres`) as unknown as { spec: { instances: number; superuserSecret: { name: string } } };
    assert.equal(spec.instances, 1);
    await api.request("GET", `/api/v1/namespaces/${namespace}/secrets/${spec.superuserSecret.name}`);
    const sets = (await api.list(`/apis/apps/v1/namespaces/${namespace}/statefulsets`)).map(({ metadata }) => metadata?.name ?? "");
    assert.ok(sets.includes("minio") && !["postgres", "redis", "kafka"].some((name) => sets.includes(name)), sets.join());
  });

  it("changes nothing the second time", async () => {
    const { code, output } = await stack.run("up", "--yes", "--skip-preview", "--expect-no-changes");
    assert.equal(code, 0, output);
  });
});
