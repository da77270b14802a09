import { aws, beside, pair, resource, type Sample, type Samples } from "./sample";

const digest = `sha256:${"0".repeat(64)}`;
const task = "aws:ecs/taskDefinition:TaskDefinition";
const service = "aws:ecs/service:Service";
const eks = "eks:index:Cluster";
const container = "docker:index/container:Container";
const deployment = "kubernetes:apps/v1:Deployment";

type Props = Readonly<Record<string, unknown>>;

/** A sample of a container in an ECS task. */
const inTask = (good: Props, bad: Props, fault: RegExp): Sample =>
  pair(task, { containerDefinitions: JSON.stringify([{ name: "gateway", ...good }]) }, { containerDefinitions: JSON.stringify([{ name: "gateway", ...bad }]) }, fault);

const podOf = (container: Props, pod: Props = {}, replicas = 1): Props => ({ spec: { replicas, template: { metadata: { labels: { app: "gateway" } }, spec: { containers: [{ name: "gateway", ...container }], ...pod } } } });
/** A sample of a container in a pod. */
const inPod = (good: Props, bad: Props, fault: RegExp): Sample => pair(deployment, podOf(good), podOf(bad), fault);

const locked = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, seccompProfile: { type: "RuntimeDefault" } };
const namespace = resource("kubernetes:core/v1:Namespace", { metadata: { name: "somastack" } });
const denyAll = resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", { metadata: { namespace: "somastack" }, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } });
const budget = resource("kubernetes:policy/v1:PodDisruptionBudget", { spec: { minAvailable: 1, selector: { matchLabels: { app: "gateway" } } } });
const replicated = resource(deployment, podOf({}, {}, 2));
const requests = { cpu: "1", memory: "2Gi" };
const running = { mustRun: true, image: digest };

/** Samples for what runs: tasks, pods and containers. */
export const workloadSamples: Samples = {
  "ecs-image-digest": inTask({ image: `agent@${digest}` }, { image: "agent:1.0" }, /container gateway has the image agent:1.0 without a digest/),
  "ecs-not-privileged": inTask({}, { privileged: true }, /container gateway is privileged/),
  "ecs-not-root": inTask({ user: "1000:1000" }, { user: "0:0" }, /container gateway runs as root/),
  "ecs-read-only-root": inTask({ readonlyRootFilesystem: true }, {}, /may write to its root/),
  "ecs-capabilities": inTask({ linuxParameters: { capabilities: { drop: ["ALL"] } } }, { linuxParameters: { capabilities: { drop: ["ALL"], add: ["SYS_PTRACE"] } } }, /keeps capabilities/),
  "ecs-logs": inTask({ logConfiguration: { logDriver: "awslogs" } }, {}, /has no log/),
  "ecs-two-roles": pair(task, { taskRoleArn: "arn:aws:iam::123456789012:role/task" }, { taskRoleArn: "arn:aws:iam::123456789012:role/execution" }, /has one role for both purposes/, { executionRoleArn: "arn:aws:iam::123456789012:role/execution" }),
  "ecs-circuit-breaker": pair(service, { deploymentCircuitBreaker: { enable: true, rollback: true } }, { deploymentCircuitBreaker: { enable: true, rollback: false } }, /has no circuit breaker with rollback/),
  "ecs-blue-green": pair(service, { deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: "5" } }, { deploymentConfiguration: { strategy: "ROLLING" }, deploymentMaximumPercent: 200 }, /behind a load balancer with the strategy ROLLING/, { loadBalancers: [{}] }),
  "ecs-container-insights": pair("aws:ecs/cluster:Cluster", { settings: [{ name: "containerInsights", value: "enhanced" }] }, { settings: [{ name: "containerInsights", value: "disabled" }] }, /has no Container Insights/),
  "ecs-no-shell": pair(service, { enableExecuteCommand: false }, { enableExecuteCommand: true }, /enableExecuteCommand is true/),

  "eks-private-endpoint": pair(eks, { endpointPublicAccess: true, publicAccessCidrs: ["192.0.2.0/24"] }, { endpointPublicAccess: true }, /answers to the world/),
  "eks-control-plane-logs": pair(eks, { enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"] }, { enabledClusterLogTypes: ["api"] }, /does not log audit, authenticator, controllerManager, scheduler/),
  "eks-secrets-encrypted": pair(eks, { encryptionConfigKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1" }, {}, /does not encrypt its secrets/),
  "eks-access-entries": pair(eks, { authenticationMode: "API" }, { authenticationMode: "CONFIG_MAP" }, /does not use access entries/),
  "eks-version": pair(eks, { version: "1.34" }, { version: "1.28" }, /version is 1.28; it must be 1.33 or later/),
  "eks-pod-identity": { passes: [resource(eks), aws("eks/addon:Addon", { addonName: "eks-pod-identity-agent" })], fails: [resource(eks)], fault: /gives pods no identity of their own/ },

  "kubernetes-pod-security": pair(namespace.type, { metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } }, { metadata: { labels: { "pod-security.kubernetes.io/enforce": "baseline" } } }, /does not enforce/),
  "kubernetes-default-deny": beside(namespace, denyAll, /no NetworkPolicy that denies by default/),
  "kubernetes-disruption-budget": beside(replicated, budget, /has replicas and no PodDisruptionBudget/),
  "kubernetes-topology-spread": pair(deployment, podOf({}, { topologySpreadConstraints: [{ topologyKey: "topology.kubernetes.io/zone" }] }, 2), podOf({}, {}, 2), /no topologySpreadConstraints/),
  "kubernetes-requests-and-limits": inPod({ resources: { requests, limits: { memory: "2Gi" } } }, { resources: { requests } }, /has no limits.memory/),
  "kubernetes-no-service-account-token": pair(deployment, podOf({}, { automountServiceAccountToken: false }), podOf({}), /mounts a token/),
  "kubernetes-no-service-links": pair(deployment, podOf({}, { enableServiceLinks: false }), podOf({}, { enableServiceLinks: true }), /gets variables for every Service/),
  "kubernetes-not-root": inPod({ securityContext: { runAsNonRoot: true, runAsUser: 1000 } }, { securityContext: { runAsNonRoot: true, runAsUser: 0 } }, /may run as root/),
  "kubernetes-restricted": inPod({ securityContext: locked }, { securityContext: { ...locked, allowPrivilegeEscalation: true } }, /may gain privileges/),
  "kubernetes-read-only-root": inPod({ securityContext: { readOnlyRootFilesystem: true } }, {}, /may write to its root/),
  "kubernetes-image-pinned": inPod({ image: `agent@${digest}` }, { image: "agent:latest" }, /has the image agent:latest without a version/),
  "kubernetes-probes": inPod({ ports: [{ containerPort: 9000 }], readinessProbe: { exec: {} }, livenessProbe: { exec: {} } }, { ports: [{ containerPort: 9000 }], readinessProbe: { exec: {} } }, /has no livenessProbe/),

  "docker-loopback": pair(container, { ports: [{ internal: 9000, external: 20020, ip: "127.0.0.1" }] }, { ports: [{ internal: 9000, external: 20020 }] }, /publishes 20020 on every address/),
  "docker-memory-limit": pair(container, { memory: 512 }, {}, /has no memory limit/),
  "docker-no-new-privileges": pair(container, { securityOpts: ["no-new-privileges:true"] }, { securityOpts: [] }, /may gain privileges/),
  "docker-capabilities": pair(container, { capabilities: { drops: ["ALL"] } }, { capabilities: { drops: ["ALL"], adds: ["SYS_ADMIN"] } }, /adds SYS_ADMIN/),
  "docker-no-socket": pair(container, { volumes: [{ volumeName: "data" }] }, { volumes: [{ hostPath: "/var/run/docker.sock" }] }, /holds \/var\/run\/docker.sock/),
  "docker-health-check": pair(container, { healthcheck: { tests: ["CMD", "true"] } }, { healthcheck: { tests: ["NONE"] } }, /has no health check/, running),
  "docker-image-pinned": pair(container, { image: "redis:7.4" }, { image: "redis:latest" }, /redis:latest without a version/),
  "docker-memory-budget": pair(container, { memory: 15 * 1024 }, { memory: 15 * 1024 + 1 }, /limits sum up to 15361 MiB; the budget is 15360 MiB/),
};
