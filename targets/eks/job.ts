import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { JobSpec, Options } from "../target";
import { acceptedChecks } from "./accepted-checks";
import { fingerprint } from "./fingerprint";
import { labelsOf } from "./labels";
import { createBase, dependenciesOf, type Place } from "./place";
import { podTemplate } from "./pod";

/** Seconds for pulling an image, or for a new node, before a pod starts. */
const pullSeconds = 600;

/**
 * A job on Kubernetes. Its name carries a hash of all that it runs with, so that a changed job is a new one and an unchanged one
 * never runs again; one that failed is replaced by the next update. Its failure fails the update, with the end of its log.
 */
export class KubernetesJob extends pulumi.ComponentResource {
  readonly job: k8s.batch.v1.Job;

  constructor(name: string, spec: JobSpec, place: Place, { parent: owner, dependsOn }: Options) {
    super("somastack:eks:Job", name, {}, owner === undefined ? {} : { parent: owner });
    const { namespace, platform, stack } = place;
    const base = createBase(name, spec, place, { ports: [] }, this);
    const template = podTemplate(name, spec, { stack, serviceAccount: base.serviceAccount, restartPolicy: "Never", ...(base.files === undefined ? {} : { files: base.files }) });
    const jobSpec = { backoffLimit: 0, activeDeadlineSeconds: spec.timeoutSeconds, template };
    this.job = new k8s.batch.v1.Job(name, {
      metadata: {
        name: pulumi.output(jobSpec).apply((value) => `${name}-${fingerprint(value).slice(0, 8)}`),
        namespace: namespace.name,
        labels: labelsOf(name, stack),
        annotations: { "pulumi.com/replaceUnready": "true", ...acceptedChecks(spec) },
      },
      spec: jobSpec,
    }, {
      parent: this,
      provider: namespace.provider,
      dependsOn: [...dependenciesOf(dependsOn), ...base.resources, ...platform.cluster.ready],
      customTimeouts: { create: `${spec.timeoutSeconds + pullSeconds}s` },
    });
    this.registerOutputs({});
  }
}
