import { stringify } from "yaml";

interface Stage {
  readonly name: string;
  readonly conditions: readonly object[];
  readonly next: object;
}

const alive = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" } as const;
const running = [alive, { key: ".status.phase", operator: "In", values: ["Running"] }, { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] }] as const;

/** Statuses as a kubelet would report them (KWOK documentation, "Stages"). */
const statuses = {
  ready: `{{ $now := Now }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: Ready, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: ContainersReady, status: "True", lastTransitionTime: {{ $now | Quote }}}
containerStatuses:
{{ range .spec.containers }}
- {image: {{ .image | Quote }}, name: {{ .name | Quote }}, ready: true, started: true, restartCount: 0, state: {running: {startedAt: {{ $now | Quote }}}}}
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName false ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
phase: Running
startTime: {{ $now | Quote }}
`,
  ended: (phase: "Succeeded" | "Failed", state: string): string => `{{ $now := Now }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: Ready, status: "False", reason: Pod${phase === "Failed" ? "Failed" : "Completed"}, lastTransitionTime: {{ $now | Quote }}}
- {type: ContainersReady, status: "False", reason: Pod${phase === "Failed" ? "Failed" : "Completed"}, lastTransitionTime: {{ $now | Quote }}}
containerStatuses:
{{ range .spec.containers }}
- {image: {{ .image | Quote }}, name: {{ .name | Quote }}, ready: false, started: false, restartCount: 0, state: {terminated: {finishedAt: {{ $now | Quote }}, startedAt: {{ $now | Quote }}, ${state}}}}
{{ end }}
phase: ${phase}
`,
};

/**
 * KWOK's configuration: pods are ready as soon as they have a node, pods of jobs then end, and with failure those that run one of the
 * given images.
 */
export function kubernetesStages({ images, message }: { readonly images: readonly string[]; readonly message: string }): string {
  const image = ".spec.containers.[].image";
  const failing = images.length === 0 ? [{ key: image, operator: "DoesNotExist" }] : [{ key: image, operator: "In", values: images }];
  const passing = images.length === 0 ? [] : [{ key: image, operator: "NotIn", values: images }];
  const stages: Stage[] = [
    { name: "pod-ready", conditions: [alive, { key: ".status.podIP", operator: "DoesNotExist" }], next: { statusTemplate: statuses.ready } },
    { name: "pod-complete", conditions: [...running, ...passing], next: { statusTemplate: statuses.ended("Succeeded", "exitCode: 0, reason: Completed") } },
    { name: "pod-fail", conditions: [...running, ...failing], next: { statusTemplate: statuses.ended("Failed", `exitCode: 1, reason: Error, message: ${JSON.stringify(message)}`) } },
    { name: "pod-delete", conditions: [{ key: ".metadata.deletionTimestamp", operator: "Exists" }], next: { finalizers: { empty: true }, delete: true } },
  ];
  return stages.map(({ name, conditions, next }) => stringify({
    apiVersion: "kwok.x-k8s.io/v1alpha1", kind: "Stage", metadata: { name },
    spec: { resourceRef: { apiGroup: "v1", kind: "Pod" }, selector: { matchExpressions: conditions }, next },
  })).join("---\n");
}
