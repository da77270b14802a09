import { isHidden, type PolicyResource } from "../resource";
import { checks, ofType, spans, type Rule } from "../rule";
import { at, isGiven, isTrue, list } from "../values";

const component = "eks:index:Cluster";
const resource = "aws:eks/cluster:Cluster";
const both = [component, resource];
const logs = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
const authentication = ["API", "API_AND_CONFIG_MAP"];

/** What the two spellings of a cluster have in common. A component's cluster is judged by the component alone. */
function cluster({ type, props }: PolicyResource): { readonly isPublic: unknown; readonly cidrs: readonly unknown[]; readonly logs: readonly unknown[]; readonly key: unknown; readonly mode: unknown; readonly version: unknown } {
  if (type === component) {
    return {
      isPublic: props["endpointPublicAccess"] ?? true, cidrs: list(props, "publicAccessCidrs"), logs: list(props, "enabledClusterLogTypes"),
      key: props["encryptionConfigKeyArn"], mode: props["authenticationMode"], version: props["version"],
    };
  }
  return {
    isPublic: at(props, "vpcConfig.endpointPublicAccess") ?? true, cidrs: list(props, "vpcConfig.publicAccessCidrs"), logs: list(props, "enabledClusterLogTypes"),
    key: at(props, "encryptionConfig.provider.keyArn"), mode: at(props, "accessConfig.authenticationMode"), version: props["version"],
  };
}

/** EKS. */
export const clusterRules: readonly Rule[] = [
  checks(both, {
    name: "eks-private-endpoint",
    why: "The Kubernetes API is asked from the network, or from addresses that somebody named.",
    mend: "Set endpointPublicAccess to false, or publicAccessCidrs to your own addresses.",
  }, (found) => {
    const { isPublic, cidrs } = cluster(found);
    if (isHidden(isPublic) || !isTrue(isPublic)) return [];
    return cidrs.length === 0 || cidrs.includes("0.0.0.0/0") ? ["its API answers to the world"] : [];
  }),
  checks(both, {
    name: "eks-control-plane-logs",
    why: "Who did what in the cluster stands in the logs of the control plane alone.",
    mend: `Enable ${logs.join(", ")} in enabledClusterLogTypes.`,
  }, (found) => {
    const absent = logs.filter((kind) => !cluster(found).logs.includes(kind));
    return absent.length === 0 || isHidden(found.props["enabledClusterLogTypes"]) ? [] : [`does not log ${absent.join(", ")}`];
  }),
  checks(both, {
    name: "eks-secrets-encrypted",
    why: "Secrets of Kubernetes lie in etcd, encrypted with a key that is ours.",
    mend: "Set encryptionConfigKeyArn, or encryptionConfig with a KMS key.",
  }, (found) => (isGiven(cluster(found).key) ? [] : ["does not encrypt its secrets with a key of KMS"])),
  checks(both, {
    name: "eks-access-entries",
    why: "Who may enter the cluster is said by IAM and can be listed, instead of standing in a ConfigMap.",
    mend: "Set authenticationMode to API.",
  }, (found) => (isHidden(cluster(found).mode) || authentication.includes(String(cluster(found).mode)) ? [] : ["does not use access entries"])),
  checks(both, {
    name: "eks-version",
    why: "A version whose support has ended gets no more security patches.",
    mend: "Raise version.",
    parameters: { minor: 33 },
  }, (found, { minor = 33 }) => {
    const { version } = cluster(found);
    if (isHidden(version)) return [];
    const [, given] = /^1\.(\d+)/.exec(String(version)) ?? [];
    return given !== undefined && Number(given) >= minor ? [] : [`version is ${String(version)}; it must be 1.${minor} or later`];
  }),
  spans({
    name: "eks-pod-identity",
    why: "A pod has rights of its own, and not those of the machine it runs on.",
    mend: "Add the add-on eks-pod-identity-agent, or an OpenID Connect provider for service accounts.",
  }, (resources) => ofType(resources, ...both).filter(({ type, urn }) => type === component || !ofType(resources, component).some((outer) => resources.some((inner) => inner.urn === urn && inner.parent === outer.urn)))
    .filter(({ props }) => !isTrue(props["createOidcProvider"]) && ofType(resources, "aws:iam/openIdConnectProvider:OpenIdConnectProvider").length === 0 && !ofType(resources, "aws:eks/addon:Addon").some(({ props: addon }) => addon["addonName"] === "eks-pod-identity-agent" || isHidden(addon["addonName"])))
    .map(({ urn }) => ({ urn, fault: "gives pods no identity of their own" }))),
];
