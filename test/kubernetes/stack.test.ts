import assert from "node:assert/strict";
import { join } from "node:path";

import { startKubernetes, type KubernetesCluster } from "../../toolchain/kubernetes-cluster";
import type { KubernetesObject } from "../../toolchain/kubernetes-api";
import { ClusterStack } from "./stack";

const namespace = "somastack-engine";
const broken = "registry.example.com/agent:broken";
const lastLine = "django.db.utils.OperationalError: relation chats does not exist";

const images = (agent: string): Record<string, string> => ({
  agent, ...Object.fromEntries(["brain", "memory", "ops"].map((name) => [name, `registry.example.com/${name}:1.0.0`])),
});

describe("SomaStack on a real Kubernetes API", function () {
  this.timeout("20 minutes");
  let cluster: KubernetesCluster;
  let stack: ClusterStack;
  let stop = (): Promise<void> => Promise.resolve();
  const report = (line: string): void => void process.stdout.write(`    ${line}\n`);

  const configure = (agent = "registry.example.com/agent:1.0.0"): void => stack.configure({
    deploymentTarget: "EKS", deploymentMode: "DEV", softwareMode: "SomaStackClusterMode", domain: "agent.example.com", images: images(agent),
    cluster: { kubeconfig: cluster.kubeconfig, context: cluster.context, without: ["metrics-server", "cert-manager", "vertical-pod-autoscaler", "kube-state-metrics"] },
  });
  const objects = (group: string, plural: string): Promise<readonly KubernetesObject[]> => cluster.api.list(`${group}/namespaces/${namespace}/${plural}`);
  const named = (found: readonly KubernetesObject[]): string[] => found.map((object) => object.metadata?.name ?? "").sort();

  const gatewayImage = async (): Promise<string | undefined> => {
    const { spec } = await cluster.api.request("GET", `/apis/apps/v1/namespaces/${namespace}/deployments/gateway`) as unknown as { spec: { template: { spec: { containers: { image: string }[] } } } };
    return spec.template.spec.containers[0]?.image;
  };
  const migrations = async (): Promise<string[]> => (await objects("/apis/batch/v1", "jobs")).filter(({ metadata }) => metadata?.name?.startsWith("migrate-") === true).map(({ metadata }) => metadata?.name ?? "");

  before(async () => {
    stack = await ClusterStack.create(report);
    cluster = await startKubernetes(join(stack.folder, "cluster"), { failing: { images: [broken], message: lastLine } }, report);
    stop = () => cluster.stop();
    configure();
  });

  after(async () => {
    await stop();
    stack.dispose();
  });

  it("comes up whole, in namespaces that enforce Pod Security restricted", async () => {
    const { code, output, seconds } = await stack.run("up", "--yes", "--skip-preview");
    report(`up: ${Math.round(seconds)} s`);
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /would violate PodSecurity/);
    const deployments = await objects("/apis/apps/v1", "deployments");
    const sets = await objects("/apis/apps/v1", "statefulsets");
    assert.ok(named(deployments).includes("gateway") && named(sets).includes("postgres"), named([...deployments, ...sets]).join());
    for (const workload of [...deployments, ...sets]) {
      const { replicas, readyReplicas } = workload["status"] as { replicas: number; readyReplicas: number };
      assert.equal(readyReplicas, replicas, workload.metadata?.name);
    }
    for (const claim of await objects("/api/v1", "persistentvolumeclaims")) {
      const { phase } = claim["status"] as { phase: string };
      assert.equal(phase, "Bound", claim.metadata?.name);
    }
  });

  it("refuses a pod that is not restricted", async () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "root" }, spec: { containers: [{ name: "root", image: "busybox" }] } };
    await assert.rejects(cluster.api.request("POST", `/api/v1/namespaces/${namespace}/pods`, pod), /violates PodSecurity .*restricted/);
  });

  it("changes nothing the second time", async () => {
    const { code, output, seconds } = await stack.run("up", "--yes", "--skip-preview", "--expect-no-changes");
    report(`second up: ${Math.round(seconds)} s`);
    assert.equal(code, 0, output);
  });

  it("stops at a failing migration with its last lines, and the old version goes on", async () => {
    configure(broken);
    const { code, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(code, 0);
    assert.match(output, /migrate-agent/);
    assert.ok(output.includes(lastLine), output);
    const gateway = await cluster.api.request("GET", `/apis/apps/v1/namespaces/${namespace}/deployments/gateway`);
    const { template } = gateway["spec"] as { template: { spec: { containers: { image: string }[] } } };
    assert.equal(template.spec.containers[0]?.image, "registry.example.com/agent:1.0.0");
    assert.equal((gateway["status"] as { readyReplicas: number }).readyReplicas, 1);
  });

  it("goes back from the failed update and runs no migration", async () => {
    const { code, output } = await stack.goBack();
    assert.equal(code, 0, output);
    assert.equal(await gatewayImage(), "registry.example.com/agent:1.0.0");
    assert.deepEqual(await migrations(), []);
  });

  it("runs the failed migration again when it is asked for again", async () => {
    const { code, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.notEqual(code, 0);
    assert.ok(output.includes(lastLine), output);
  });

  it("rolls a changed image out once its migration succeeds", async () => {
    configure("registry.example.com/agent:1.1.0");
    const { code, output } = await stack.run("up", "--yes", "--skip-preview");
    assert.equal(code, 0, output);
    const gateway = await cluster.api.request("GET", `/apis/apps/v1/namespaces/${namespace}/deployments/gateway`);
    const { updatedReplicas, readyReplicas } = gateway["status"] as { updatedReplicas: number; readyReplicas: number };
    assert.deepEqual({ updatedReplicas, readyReplicas }, { updatedReplicas: 1, readyReplicas: 1 });
  });

  it("goes back to the previous release and runs no migration, and forward again", async () => {
    const back = await stack.goBack();
    assert.equal(back.code, 0, back.output);
    assert.equal(await gatewayImage(), "registry.example.com/agent:1.0.0");
    assert.deepEqual(await migrations(), []);
    const forward = await stack.run("up", "--yes", "--skip-preview");
    assert.equal(forward.code, 0, forward.output);
    assert.equal(await gatewayImage(), "registry.example.com/agent:1.1.0");
  });

  it("leaves nothing after destroy", async () => {
    // Generated passwords are protected against a slip; here they are to go.
    assert.equal((await stack.run("state unprotect", "--all", "--yes")).code, 0);
    const { code, output } = await stack.run("destroy", "--yes", "--skip-preview");
    assert.equal(code, 0, output);
    assert.ok(!named(await cluster.api.list("/api/v1/namespaces")).includes(namespace));
  });
});
