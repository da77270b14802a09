import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Options, ServiceSpec } from "../target";
import { acceptedChecks } from "./accepted-checks";
import { createIngress } from "./ingress";
import { labelsOf, nameLabel, noWait } from "./labels";
import { createBase, dependenciesOf, type Place } from "./place";
import { podTemplate } from "./pod";
import { probesOf, startSeconds } from "./probes";
import { scale } from "./scaling";
import { ClaimedVolume } from "./volume";

/** Seconds for pulling an image, or for a new node, before a pod starts. */
const pullSeconds = 600;

/**
 * A service on Kubernetes: a Deployment, or a StatefulSet where it has data, with its names, its connections, its way in and its
 * scaling. `workload` is there once its pods are ready.
 */
export class KubernetesService extends pulumi.ComponentResource {
  readonly workload: k8s.apps.v1.Deployment | k8s.apps.v1.StatefulSet;
  readonly url: string | undefined;

  constructor(name: string, spec: ServiceSpec, place: Place, { parent: owner, dependsOn }: Options) {
    super("somastack:eks:Service", name, {}, owner === undefined ? {} : { parent: owner });
    const { namespace, platform, stack } = place;
    const options = { parent: this, provider: namespace.provider };
    const { entry, replicas } = spec;
    const base = createBase(name, spec, place, { ports: spec.ports.map(({ container }) => container), ...(entry === undefined ? {} : { entry }) }, this);
    const names = this.createNames(name, spec, place);
    const stateful = spec.volumes.length > 0;
    const template = podTemplate(name, spec, {
      stack, serviceAccount: base.serviceAccount, restartPolicy: "Always", probes: { ...probesOf(spec) },
      ...(base.files === undefined ? {} : { files: base.files }),
      ports: spec.ports.map((port) => ({ name: port.name, containerPort: port.container })),
      claims: spec.volumes.map(({ volume, path }) => ({ claim: ClaimedVolume.claimOf(volume), path })),
      ownNames: names.length === 0 ? [] : [name, ...spec.aliases],
      topologySpread: replicas.max > 1,
    });
    const metadata = { name, namespace: namespace.name, labels: labelsOf(name, stack), annotations: acceptedChecks(spec) };
    const common = { selector: { matchLabels: { [nameLabel]: name } }, replicas: replicas.min, revisionHistoryLimit: 5 };
    const seconds = pullSeconds + startSeconds(spec.health);
    const workloadOptions = {
      ...options,
      dependsOn: [...dependenciesOf(dependsOn), ...base.resources, ...names, ...platform.cluster.ready],
      customTimeouts: { create: `${seconds}s`, update: `${seconds * 2}s` },
      // The autoscaler has the last word on the number of instances.
      ...(replicas.max > replicas.min ? { ignoreChanges: ["spec.replicas"] } : {}),
    };
    this.workload = stateful
      ? new k8s.apps.v1.StatefulSet(name, { metadata, spec: { ...common, template, serviceName: name } }, workloadOptions)
      : new k8s.apps.v1.Deployment(name, {
          metadata,
          spec: { ...common, template, progressDeadlineSeconds: seconds, strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } },
        }, workloadOptions);
    if (entry !== undefined) createIngress(name, entry, platform.cluster.wayIn, namespace.name, options);
    this.url = entry === undefined ? undefined : `https://${entry.hostname}`;
    scale({ name, namespace: namespace.name, kind: stateful ? "StatefulSet" : "Deployment", replicas, verticalAutoscaler: place.installs("vertical-pod-autoscaler") },
      { ...options, dependsOn: [...platform.cluster.ready] });
    this.registerOutputs({});
  }

  /** A Service for each in-network name; the provider would wait ten seconds for the pods of every one. */
  private createNames(name: string, { ports, aliases }: ServiceSpec, { namespace, stack }: Place): pulumi.Resource[] {
    if (ports.length === 0) return [];
    return [name, ...aliases].map((alias) => new k8s.core.v1.Service(alias, {
      metadata: { name: alias, namespace: namespace.name, labels: labelsOf(name, stack), annotations: noWait },
      spec: { selector: { [nameLabel]: name }, ports: ports.map((port) => ({ name: port.name, port: port.container, targetPort: port.container })) },
    }, { parent: this, provider: namespace.provider }));
  }
}
