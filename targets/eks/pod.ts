import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { WorkloadSpec } from "../target";
import { fingerprint } from "./fingerprint";
import { KubernetesImage } from "./image";
import { callLabel, labelsOf, prefix } from "./labels";
import { KubernetesSecret, secretKey } from "./secret";
import { userOf } from "./users";

/** What a pod has beside its workload. */
export interface PodExtras {
  readonly stack: string;
  readonly serviceAccount: pulumi.Input<string>;
  /** ConfigMap with the files; absent when there are none. */
  readonly files?: pulumi.Input<string>;
  readonly restartPolicy: "Always" | "Never";
  readonly ports?: k8s.types.input.core.v1.ContainerPort[];
  readonly probes?: Partial<k8s.types.input.core.v1.Container>;
  /** Persistent folders: claim and path. */
  readonly claims?: readonly { readonly claim: pulumi.Input<string>; readonly path: string }[];
  /** Names of the pod's own service, which it finds at itself: its Service leads to it only once it is ready. */
  readonly ownNames?: readonly string[];
  readonly topologySpread?: boolean;
}

/** MiB of an in-memory folder. */
const folderMib = 64;

/** A Kubernetes quantity of CPU in its canonical form. */
export function cpuQuantity(cpu: number): string {
  return Number.isInteger(cpu) ? String(cpu) : `${Math.round(cpu * 1000)}m`;
}

/** Key of a file in its ConfigMap. */
export function fileKey(path: string): string {
  return path.replace(/^\//, "").replaceAll("/", "_");
}

/** Requests equal the limits of memory and CPU, so that a node never promises what it does not have; disk is limited alone. */
export function resourcesOf({ cpu, memoryMib, diskGib }: Pick<WorkloadSpec, "cpu" | "memoryMib" | "diskGib">): k8s.types.input.core.v1.ResourceRequirements {
  const size = { cpu: cpuQuantity(cpu), memory: `${memoryMib}Mi` };
  return {
    requests: { ...size, "ephemeral-storage": "1Gi" },
    limits: { ...size, "ephemeral-storage": `${diskGib ?? 1}Gi` },
  };
}

/** The pod template of a service or job, as Pod Security "restricted" admits it. */
export function podTemplate(name: string, spec: WorkloadSpec, extras: PodExtras): k8s.types.input.core.v1.PodTemplateSpec {
  const { stack, restartPolicy, claims = [], ownNames = [] } = extras;
  const image = KubernetesImage.of(spec.image);
  const user = userOf(spec.user, image.user);
  const folders = spec.tmpfs.map((entry, index) => ({ name: `tmp-${index}`, path: entry.split(":")[0] ?? "" }));
  const container: k8s.types.input.core.v1.Container = {
    name,
    image: image.reference,
    imagePullPolicy: "IfNotPresent",
    ...(spec.entrypoint === undefined ? {} : { command: [...spec.entrypoint] }),
    ...(spec.command === undefined ? {} : { args: [...spec.command] }),
    env: environmentOf(spec),
    ...(extras.ports === undefined ? {} : { ports: extras.ports }),
    ...extras.probes,
    resources: resourcesOf(spec),
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: spec.readOnlyRoot, capabilities: { drop: ["ALL"] } },
    volumeMounts: [
      ...claims.map(({ path }, index) => ({ name: `data-${index}`, mountPath: path })),
      ...folders.map((folder) => ({ name: folder.name, mountPath: folder.path })),
      ...spec.files.map(({ path }) => ({ name: "files", mountPath: path, subPath: fileKey(path), readOnly: true })),
    ],
    // A container that fails without a word of its own is explained by the end of its log.
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
  return {
    metadata: {
      labels: { ...labelsOf(name, stack), ...Object.fromEntries(spec.calls.map(({ service, port }) => [callLabel(service, port), "true"])) },
      annotations: { [`${prefix}/configuration`]: configurationFingerprint(spec) },
    },
    spec: {
      containers: [container],
      restartPolicy,
      serviceAccountName: extras.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true, runAsUser: user.uid, runAsGroup: user.gid, fsGroup: user.gid, fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(ownNames.length === 0 ? {} : { hostAliases: [{ ip: "127.0.0.1", hostnames: [...ownNames] }] }),
      ...(extras.topologySpread === true ? { topologySpreadConstraints: spread(name) } : {}),
      volumes: [
        ...claims.map(({ claim }, index) => ({ name: `data-${index}`, persistentVolumeClaim: { claimName: claim } })),
        ...folders.map((folder) => ({ name: folder.name, emptyDir: { medium: "Memory", sizeLimit: `${folderMib}Mi` } })),
        ...(extras.files === undefined ? [] : [{ name: "files", configMap: { name: extras.files, defaultMode: 0o444 } }]),
      ],
    },
  };
}

/** Plain variables and references to Secrets, sorted so that the order never counts as a change. */
function environmentOf({ environment, secrets }: WorkloadSpec): k8s.types.input.core.v1.EnvVar[] {
  const plain = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const secret = Object.entries(secrets).map(([name, reference]) => ({ name, valueFrom: { secretKeyRef: { name: KubernetesSecret.of(reference).objectName, key: secretKey } } }));
  return [...plain, ...secret].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Changes with a file or a secret: a changed one rolls the pods that use it. */
function configurationFingerprint({ files, secrets }: WorkloadSpec): pulumi.Output<string> {
  const secretPrints = Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, reference]) => [name, KubernetesSecret.of(reference).fingerprint] as const);
  return pulumi.output({ files: files.map(({ path, content }) => ({ path, content })), secrets: Object.fromEntries(secretPrints) }).apply((value) => fingerprint(value));
}

/** Instances on different zones, then on different nodes, as far as there are any. */
function spread(name: string): k8s.types.input.core.v1.TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    topologyKey, maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: { "app.kubernetes.io/name": name } },
  }));
}
