import type * as k8s from "@pulumi/kubernetes";

import type { EntrySpec, WorkloadSpec } from "../target";
import { callLabel, nameLabel } from "./labels";
import { agentCidr, agentPort } from "./pod-identity";

/** What a policy is made from. */
export interface PolicySpec {
  readonly calls: WorkloadSpec["calls"];
  /** Ports that others may call. */
  readonly ports: readonly number[];
  readonly entry?: EntrySpec;
  /** Where requests from outside come from. */
  readonly peers: k8s.types.input.networking.v1.NetworkPolicyPeer[];
  /** Services that are not pods of the namespace, such as managed databases, and the range they live in. */
  readonly outside: { readonly services: ReadonlySet<string>; readonly cidr?: string };
  /** Whether pods get credentials from the agent of their node. */
  readonly podIdentity?: boolean;
  /** Ports of external services that the settings name. */
  readonly externalPorts: readonly number[];
}

/** Everywhere outside, where public interfaces such as those of language models are. */
const everywhere: k8s.types.input.networking.v1.NetworkPolicyPeer[] = [{ ipBlock: { cidr: "0.0.0.0/0" } }];

/**
 * The connections of one workload: out to the ports that it calls and to HTTPS outside, in from the pods that carry the label of such
 * a call and from the way in to its entry. A managed service is reached in its own network.
 */
export function policyOf(name: string, spec: PolicySpec): k8s.types.input.networking.v1.NetworkPolicySpec {
  const { calls, ports, entry, peers, outside, externalPorts, podIdentity } = spec;
  const tcp = (port: number): k8s.types.input.networking.v1.NetworkPolicyPort[] => [{ protocol: "TCP", port }];
  const within = outside.cidr === undefined ? everywhere : [{ ipBlock: { cidr: outside.cidr } }];
  const egress = calls.map(({ service, port }) => ({ to: outside.services.has(service) ? within : [{ podSelector: { matchLabels: { [nameLabel]: service } } }], ports: tcp(port) }));
  const ingress = ports.map((port) => ({ from: [{ podSelector: { matchLabels: { [callLabel(name, port)]: "true" } } }], ports: tcp(port) }));
  const entryPorts = entry === undefined ? [] : [...new Set([entry.port, entry.health.port])];
  return {
    podSelector: { matchLabels: { [nameLabel]: name } },
    policyTypes: ["Ingress", "Egress"],
    egress: [...egress, ...(podIdentity === true ? [{ to: [{ ipBlock: { cidr: agentCidr } }], ports: tcp(agentPort) }] : []), ...[...new Set([443, ...externalPorts])].map((port) => ({ to: everywhere, ports: tcp(port) }))],
    ingress: [...ingress, ...entryPorts.map((port) => ({ from: peers, ports: tcp(port) }))],
  };
}
