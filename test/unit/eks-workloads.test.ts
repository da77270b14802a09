import assert from "node:assert/strict";

import { ConfigurationError } from "../../settings/faults";
import { all, existingCluster, one, run, types } from "./eks-support";
import type { Registered, Run } from "./program-support";

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly securityContext: object;
  readonly resources: { readonly limits: Record<string, string>; readonly requests: Record<string, string> };
  readonly startupProbe?: { readonly exec: object; readonly failureThreshold: number };
  readonly readinessProbe?: { readonly exec: object };
  readonly livenessProbe?: object;
  readonly terminationMessagePolicy: string;
}
interface PodSpec {
  readonly containers: readonly Container[];
  readonly securityContext: { readonly runAsUser: number; readonly fsGroup: number };
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly volumes: readonly Record<string, unknown>[];
}
interface Template {
  readonly metadata: { readonly labels: Record<string, string>; readonly annotations: Record<string, string> };
  readonly spec: PodSpec;
}

const template = ({ inputs }: Registered): Template => (inputs["spec"] as { template: Template }).template;
const spec = <T>({ inputs }: Registered): T => inputs["spec"] as T;
const container = (workload: Registered): Container => {
  const [first] = template(workload).spec.containers;
  assert.ok(first !== undefined);
  return first;
};

describe("EKS: workloads on a cluster that is there", () => {
  let clustered: Run;
  let workloads: readonly Registered[];

  before(async function () {
    this.timeout(20_000);
    clustered = await run(existingCluster(undefined, { softwareMode: "SomaStackClusterMode" }));
    workloads = [...all(clustered, types.deployment), ...all(clustered, types.statefulSet), ...all(clustered, types.job)];
  });

  it("enforces Pod Security restricted on the namespace, and denies every connection that has no policy", () => {
    const { inputs } = one(clustered, types.namespace, "namespace");
    const { labels } = inputs["metadata"] as { labels: Record<string, string> };
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
    assert.deepEqual(spec(one(clustered, types.policy, "default-deny")), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  it("gives every pod the restricted settings, a numeric user and no token", () => {
    assert.ok(workloads.length > 20);
    for (const workload of workloads) {
      const pod = template(workload).spec;
      assert.deepEqual({ ...pod.securityContext, runAsUser: 0, runAsGroup: 0, fsGroup: 0 }, {
        runAsNonRoot: true, runAsUser: 0, runAsGroup: 0, fsGroup: 0, fsGroupChangePolicy: "OnRootMismatch", seccompProfile: { type: "RuntimeDefault" },
      }, workload.name);
      assert.ok(pod.securityContext.runAsUser > 0, workload.name);
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(pod.enableServiceLinks, false);
      const { securityContext, resources } = container(workload);
      assert.deepEqual({ ...securityContext, readOnlyRootFilesystem: true }, { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true });
      for (const part of ["cpu", "memory"]) assert.equal(resources.requests[part], resources.limits[part], workload.name);
    }
    const postgres = template(one(clustered, types.statefulSet, "postgres")).spec.securityContext;
    assert.deepEqual([postgres.runAsUser, postgres.fsGroup], [70, 70]);
  });

  it("gives no value of a secret to a pod, and a changed one another annotation", () => {
    for (const workload of workloads) {
      for (const { name, value } of container(workload).env) assert.doesNotMatch(value ?? "", /-password/, `${workload.name} ${name}`);
      assert.match(template(workload).metadata.annotations["somastack.com/configuration"] ?? "", /^[0-9a-f]{16}$/);
    }
    const secret = one(clustered, types.secret, "postgres-admin").inputs["stringData"];
    assert.ok(secret !== undefined);
  });

  it("asks the catalog's command for start and traffic, and the process itself for life", () => {
    const { startupProbe, readinessProbe, livenessProbe } = container(one(clustered, types.deployment, "gateway"));
    assert.deepEqual(startupProbe?.exec, readinessProbe?.exec);
    // 120 s in steps of 3 s, and six more failures.
    assert.equal(startupProbe?.failureThreshold, 46);
    assert.deepEqual(livenessProbe, { httpGet: { port: 9000, path: "/api/health/", httpHeaders: [{ name: "Host", value: "gateway" }] }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 });
    assert.deepEqual(container(one(clustered, types.statefulSet, "redis")).livenessProbe, { tcpSocket: { port: 6379 }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 });
  });

  it("keeps data in claims of its own, one instance each", () => {
    const postgres = one(clustered, types.statefulSet, "postgres");
    assert.deepEqual(template(postgres).spec.volumes[0], { name: "data-0", persistentVolumeClaim: { claimName: "postgres" } });
    assert.equal(spec<{ replicas: number }>(postgres).replicas, 1);
    assert.equal(one(clustered, types.claim, "postgres").protect, false);
  });

  it("answers to every in-network name, and waits for none", () => {
    for (const name of ["memory", "somafractalmemory"]) {
      const service = one(clustered, types.service, name);
      assert.deepEqual(spec<{ selector: object }>(service).selector, { "app.kubernetes.io/name": "memory" });
      assert.deepEqual((service.inputs["metadata"] as { annotations: object }).annotations, { "pulumi.com/skipAwait": "true" });
    }
  });

  it("opens just the catalog's connections, each from both its ends", () => {
    const policies = all(clustered, types.policy);
    for (const workload of workloads) assert.ok(policies.some((policy) => policy.name === workload.name), workload.name);
    for (const policy of policies) {
      for (const { to, ports } of spec<{ egress?: { to: { podSelector?: { matchLabels: Record<string, string> } }[]; ports: { port: number }[] }[] }>(policy).egress ?? []) {
        const callee = to[0]?.podSelector?.matchLabels["app.kubernetes.io/name"];
        if (callee === undefined) continue;
        const label = `somastack.com/calls-${callee}-${ports[0]?.port}`;
        const caller = workloads.find((workload) => workload.name === policy.name);
        assert.ok(caller !== undefined && template(caller).metadata.labels[label] === "true", `${policy.name} ${label}`);
        const open = spec<{ ingress: { from: { podSelector?: { matchLabels: Record<string, string> } }[] }[] }>(one(clustered, types.policy, callee)).ingress;
        assert.ok(open.some(({ from }) => from[0]?.podSelector?.matchLabels[label] === "true"), `${callee} does not let in ${label}`);
      }
    }
  });

  it("runs each job once under a name that its content makes, and explains its failure by its log", () => {
    const job = one(clustered, types.job, "migrate-agent");
    const { name, annotations } = job.inputs["metadata"] as { name: string; annotations: Record<string, string> };
    assert.match(name, /^migrate-agent-[0-9a-f]{8}$/);
    const { "pulumi.com/replaceUnready": replaceUnready, ...others } = annotations;
    assert.equal(replaceUnready, "true");
    assert.ok(Object.keys(others).every((key) => key.startsWith("checkov.io/skip")), JSON.stringify(others));
    assert.equal(spec<{ backoffLimit: number }>(job).backoffLimit, 0);
    assert.equal(container(job).terminationMessagePolicy, "FallbackToLogsOnError");
  });

  it("starts applications after their migrations, and migrations after their database", () => {
    const dependsOn = (type: string, name: string): readonly string[] => one(clustered, type, name).dependencies;
    assert.ok(dependsOn(types.deployment, "gateway").some((urn) => urn.endsWith("Job::migrate-agent")));
    assert.ok(dependsOn(types.job, "migrate-agent").some((urn) => urn.endsWith("Job::migrate-brain")));
    assert.ok(dependsOn(types.job, "roles").some((urn) => urn.endsWith("StatefulSet::postgres")));
  });

  it("gives entries TLS by the cluster's issuer and its default class", () => {
    const ingress = one(clustered, types.ingress, "gateway");
    assert.deepEqual(spec<{ tls: object }>(ingress).tls, [{ hosts: ["agent.example.com"], secretName: "gateway-tls" }]);
    assert.equal((ingress.inputs["metadata"] as { annotations: Record<string, string> }).annotations["cert-manager.io/cluster-issuer"], "somastack");
    assert.equal(all(clustered, types.release).length, 0);
  });
});

describe("EKS: production on a cluster that is there", () => {
  it("scales, spreads and protects, and the autoscaler has the last word", async function () {
    this.timeout(20_000);
    const result = await run(existingCluster(undefined, { deploymentMode: "PROD", allowedHosts: "agent.example.com", openaiApiKey: "sk-abc" }), {}, ["openaiApiKey"]);
    const { minReplicas, maxReplicas } = spec<{ minReplicas: number; maxReplicas: number }>(one(result, types.autoscaler, "gateway"));
    assert.deepEqual([minReplicas, maxReplicas], [2, 10]);
    assert.equal(spec<{ maxUnavailable: number }>(one(result, types.budget, "gateway")).maxUnavailable, 1);
    assert.equal((template(one(result, types.deployment, "gateway")).spec as unknown as { topologySpreadConstraints: unknown[] }).topologySpreadConstraints.length, 2);
    for (const [type, name] of [[types.claim, "postgres"], [types.namespace, "namespace"]] as const) {
      const { protect, retainOnDelete } = one(result, type, name);
      assert.deepEqual({ protect, retainOnDelete }, { protect: true, retainOnDelete: true });
    }
  });

  it("rolls the users of a changed secret alone, and keeps the generated value that it replaces", async function () {
    this.timeout(20_000);
    const withKey = (spicedbApiKey: string): Promise<Run> => run(existingCluster(undefined, { spicedbApiKey }), {}, ["spicedbApiKey"]);
    const [before, after] = [await withKey("S3cretS3cretOne"), await withKey("S3cretS3cretTwo")];
    const annotation = (from: Run, type: string, name: string): string => template(one(from, type, name)).metadata.annotations["somastack.com/configuration"] ?? "";
    for (const user of ["spicedb", "gateway"]) assert.notEqual(annotation(before, types.deployment, user), annotation(after, types.deployment, user));
    assert.equal(annotation(before, types.statefulSet, "postgres"), annotation(after, types.statefulSet, "postgres"));
    assert.equal(one(before, types.secret, "spicedb-key").protect, false);
    assert.equal(one(before, "random:index/randomPassword:RandomPassword", "spicedb-key").protect, true);
  });

  it("installs the charts that the cluster does not have, and none of AWS", async function () {
    this.timeout(20_000);
    const result = await run(existingCluster({ without: ["cert-manager"] }));
    assert.deepEqual(all(result, types.release).map(({ name }) => name).sort(), ["kube-state-metrics", "metrics-server", "vertical-pod-autoscaler"]);
    const advice = one(result, "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler", "gateway");
    assert.deepEqual(spec<{ updatePolicy: object }>(advice).updatePolicy, { updateMode: "Off" });
    assert.ok(advice.dependencies.some((urn) => urn.endsWith("Release::vertical-pod-autoscaler")));
  });

  it("refuses builds and managed data before anything is made", async () => {
    const refused = async (config: Record<string, string>, key: RegExp): Promise<void> => {
      await assert.rejects(run(config), (error) => error instanceof ConfigurationError && key.test(error.message));
    };
    await refused({ ...existingCluster(), images: "{}" }, /somastack:images\.\w+: must be a reference/);
    await refused(existingCluster({ data: "managed" }), /somastack:cluster\.data = "managed": must be plain or operators/);
  });

  it("leaves PostgreSQL, Redis and Kafka to operators that it installs, and lets their callers and the operators in", async () => {
    const result = await run(existingCluster({ data: "operators" }, { softwareMode: "SomaStackClusterMode" }));
    const objects = { postgres: "kubernetes:postgresql.cnpg.io/v1:Cluster", redis: "kubernetes:redis.redis.opstreelabs.in/v1beta2:RedisReplication", kafka: "kubernetes:kafka.strimzi.io/v1beta2:Kafka" };
    const installed = { postgres: "cloudnative-pg", redis: "redis-operator", kafka: "strimzi" };
    for (const [name, type] of Object.entries(objects)) {
      const made = one(result, type, name);
      assert.ok(made.dependencies.some((urn) => urn.endsWith(`Release::${installed[name as keyof typeof installed]}`)), name);
      assert.ok(!result.resources.some((resource) => [types.statefulSet, types.claim].includes(resource.type as never) && resource.name === name), name);
      const { ingress } = spec<{ ingress: { from: { podSelector?: { matchLabels: object }; namespaceSelector?: object }[] }[] }>(one(result, types.policy, name));
      assert.ok(ingress.some(({ from }) => from.some(({ namespaceSelector }) => namespaceSelector !== undefined)), name);
    }
    const environment = container(one(result, types.deployment, "gateway")).env;
    const valueOf = (name: string): unknown => environment.find((variable) => variable.name === name)?.value;
    assert.equal(valueOf("SA01_DB_HOST"), "postgres-rw");
    assert.equal(valueOf("REDIS_HOST"), "redis-master");
    assert.equal(valueOf("KAFKA_BOOTSTRAP_SERVERS"), "kafka-kafka-bootstrap:9092");
    const plain = await run(existingCluster({ without: [] }));
    for (const name of Object.values(installed)) assert.ok(!plain.resources.some((resource) => resource.name === name), name);
  });
});
