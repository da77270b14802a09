import { isHidden, type PolicyResource } from "../resource";
import { checks, ofType, spans, type Rule, type StackFault } from "../rule";
import { at, isFalse, isGiven, isTrue, list, matches } from "../values";

const long = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:DaemonSet"];
const workloads = [...long, "kubernetes:batch/v1:Job", "kubernetes:batch/v1:CronJob"];
const namespace = "kubernetes:core/v1:Namespace";
const policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const enforce = "pod-security.kubernetes.io/enforce";

const podOf = ({ type, props }: PolicyResource): unknown => at(props, type.endsWith(":CronJob") ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec");
const labelsOf = (found: unknown, path: string): Record<string, unknown> => (at(found, path) ?? {}) as Record<string, unknown>;
const namespaceOf = ({ props }: PolicyResource): unknown => at(props, "metadata.namespace");

/** A rule over every container of a pod, those that run before it too. */
const eachContainer = (fault: (container: unknown, pod: unknown) => string | undefined) => (resource: PolicyResource): string[] => {
  const pod = podOf(resource);
  return [...list(pod, "initContainers"), ...list(pod, "containers")].flatMap((container) => {
    const found = fault(container, pod);
    return found === undefined ? [] : [`container ${String(at(container, "name"))} ${found}`];
  });
};

/** A rule over a pod. */
const eachPod = (fault: (pod: unknown) => string | undefined) => (resource: PolicyResource): string[] => {
  const pod = podOf(resource);
  const found = isHidden(pod) || pod === undefined ? undefined : fault(pod);
  return found === undefined ? [] : [found];
};

const deniesAll = ({ props }: PolicyResource): boolean =>
  Object.keys(labelsOf(props, "spec.podSelector.matchLabels")).length === 0 && list(props, "spec.podSelector.matchExpressions").length === 0 &&
  ["Ingress", "Egress"].every((side) => list(props, "spec.policyTypes").includes(side)) && list(props, "spec.ingress").length === 0 && list(props, "spec.egress").length === 0;

function openNamespaces(resources: readonly PolicyResource[]): StackFault[] {
  const closed = ofType(resources, policy).filter(deniesAll).map(namespaceOf);
  return ofType(resources, namespace)
    .filter(({ props }) => !closed.some((name) => isHidden(name) || name === at(props, "metadata.name")))
    .map(({ urn }) => ({ urn, fault: "has no NetworkPolicy that denies by default" }));
}

const replicas = ({ props }: PolicyResource): number => Number(at(props, "spec.replicas") ?? 1);

/** Workloads of several replicas that an update of the nodes may stop all at once. */
function unprotected(resources: readonly PolicyResource[]): StackFault[] {
  const budgets = ofType(resources, "kubernetes:policy/v1:PodDisruptionBudget");
  return ofType(resources, ...long).filter((workload) => replicas(workload) > 1).flatMap((workload) => {
    const labels = labelsOf(workload.props, "spec.template.metadata.labels");
    const covered = budgets.some(({ props }) => {
      const wanted = Object.entries(labelsOf(props, "spec.selector.matchLabels"));
      return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
    });
    return covered ? [] : [{ urn: workload.urn, fault: "has replicas and no PodDisruptionBudget" }];
  });
}

/** A container without a port is asked only whether its process is there. */
const probesOf = (container: unknown): readonly string[] => (list(container, "ports").length > 0 ? ["readinessProbe", "livenessProbe"] : ["readinessProbe"]);

/** Kubernetes. */
export const podRules: readonly Rule[] = [
  checks(namespace, {
    name: "kubernetes-pod-security",
    why: "The cluster itself refuses pods that ask for more than they need.",
    mend: `Label the namespace ${enforce}: restricted.`,
  }, ({ props }) => (isHidden(at(props, "metadata.labels")) || labelsOf(props, "metadata.labels")[enforce] === "restricted" ? [] : ["does not enforce the Pod Security Standard restricted"])),
  spans({
    name: "kubernetes-default-deny",
    why: "Only connections that somebody wrote down are open.",
    mend: "Add a NetworkPolicy with an empty podSelector, both policyTypes and no rules.",
  }, openNamespaces),
  spans({
    name: "kubernetes-disruption-budget",
    why: "An update of the nodes takes one replica after the other.",
    mend: "Add a PodDisruptionBudget for the workload's labels.",
  }, unprotected),
  checks(long, {
    name: "kubernetes-topology-spread",
    why: "Replicas in one zone fall together.",
    mend: "Add topologySpreadConstraints over topology.kubernetes.io/zone.",
  }, (resource) => (!(replicas(resource) > 1) || isHidden(at(podOf(resource), "topologySpreadConstraints")) || list(podOf(resource), "topologySpreadConstraints").length > 0 ? [] : ["has replicas and no topologySpreadConstraints"])),
  checks(workloads, {
    name: "kubernetes-requests-and-limits",
    why: "A process that wants too much is stopped alone, and the scheduler knows what fits where.",
    mend: "Set resources.requests and resources.limits for cpu and memory.",
  }, eachContainer((container) => {
    const absent = ["requests.cpu", "requests.memory", "limits.memory"].filter((path) => !isGiven(at(container, `resources.${path}`)));
    return absent.length === 0 ? undefined : `has no ${absent.join(", ")}`;
  })),
  checks(workloads, {
    name: "kubernetes-no-service-account-token",
    why: "A process that does not ask the Kubernetes API holds no key to it.",
    mend: "Set automountServiceAccountToken to false.",
  }, eachPod((pod) => (isHidden(at(pod, "automountServiceAccountToken")) || at(pod, "automountServiceAccountToken") === false ? undefined : "mounts a token of the Kubernetes API"))),
  checks(workloads, {
    name: "kubernetes-no-service-links",
    why: "Variables that Kubernetes adds for every Service, such as SPICEDB_PORT, are taken for settings by the programs.",
    mend: "Set enableServiceLinks to false.",
  }, eachPod((pod) => (isHidden(at(pod, "enableServiceLinks")) || at(pod, "enableServiceLinks") === false ? undefined : "gets variables for every Service"))),
  checks(workloads, {
    name: "kubernetes-not-root",
    why: "What breaks into a process should not find itself root.",
    mend: "Set securityContext.runAsNonRoot and a runAsUser above 0.",
  }, eachContainer((container, pod) => {
    const [strict, user] = ["runAsNonRoot", "runAsUser"].map((key) => at(container, `securityContext.${key}`) ?? at(pod, `securityContext.${key}`));
    return isTrue(strict) && Number(user ?? 1) !== 0 ? undefined : "may run as root";
  })),
  checks(workloads, {
    name: "kubernetes-restricted",
    why: "The rights of the kernel that a process never uses are there for an intruder alone.",
    mend: "Set allowPrivilegeEscalation false, capabilities.drop [\"ALL\"], seccompProfile RuntimeDefault, and no hostNetwork, hostPID or hostPath.",
  }, (resource) => [
    ...eachContainer((container, pod) => {
      const context = at(container, "securityContext");
      if (isTrue(at(context, "privileged"))) return "is privileged";
      if (at(context, "allowPrivilegeEscalation") !== false) return "may gain privileges";
      if (!list(context, "capabilities.drop").includes("ALL")) return "keeps capabilities";
      return isGiven(at(context, "seccompProfile.type") ?? at(pod, "securityContext.seccompProfile.type")) ? undefined : "has no seccomp profile";
    })(resource),
    ...eachPod((pod) => (["hostNetwork", "hostPID", "hostIPC"].some((key) => !isFalse(at(pod, key))) || list(pod, "volumes").some((volume) => isGiven(at(volume, "hostPath"))) ? "shares namespaces or folders with its machine" : undefined))(resource),
  ]),
  checks(workloads, {
    name: "kubernetes-read-only-root",
    why: "What breaks into a process finds nowhere to leave its tools. Some images need to write.",
    mend: "Set readOnlyRootFilesystem, with emptyDir volumes for what has to be written.",
    level: "advisory",
  }, eachContainer((container) => (isTrue(at(container, "securityContext.readOnlyRootFilesystem")) ? undefined : "may write to its root"))),
  checks(workloads, {
    name: "kubernetes-image-pinned",
    why: "What was tested is what runs, whatever a tag points to tomorrow.",
    mend: "Name the image as REPOSITORY@sha256:..., or at least by a version.",
  }, eachContainer((container) => {
    const image = at(container, "image");
    return isHidden(image) || matches(/@sha256:[0-9a-f]{64}$|:(?!latest$)[\w][\w.-]*$/)(image) ? undefined : `has the image ${String(image)} without a version`;
  })),
  checks(long, {
    name: "kubernetes-probes",
    why: "Users reach a pod that is ready, and one that hangs is started anew. Who has no port cannot be asked whether it hangs.",
    mend: "Give containers a readinessProbe, and those with a port a livenessProbe.",
  }, (resource) => list(podOf(resource), "containers").flatMap((container) => probesOf(container).filter((probe) => !isGiven(at(container, probe))).map((probe) => `container ${String(at(container, "name"))} has no ${probe}`))),
];
