import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { AddOn, Cluster } from "../cluster";

/** A Helm chart in a pinned version. */
export interface Chart {
  readonly chart: string;
  readonly version: string;
  /** Address of the chart's repository. */
  readonly repository: string;
  readonly namespace: string;
}

/** What the values of an add-on depend on beside its chart. */
export interface AddOnContext {
  readonly aws: Cluster["aws"];
}

/** An add-on: its chart and the values that SomaStack sets. */
export interface AddOnDefinition {
  readonly name: AddOn;
  readonly chart: Chart;
  /** Only on AWS: it manages what AWS has. */
  readonly onAwsOnly: boolean;
  values(context: AddOnContext): Record<string, unknown>;
  /** Objects that its controller wants, such as an issuer; made after it. */
  objects?(context: AddOnContext, options: pulumi.CustomResourceOptions): pulumi.Resource[];
}

/** Installs a chart; a release that does not become ready is taken back. */
export function installChart({ name, chart, values }: AddOnDefinition, context: AddOnContext, options: pulumi.CustomResourceOptions): k8s.helm.v3.Release {
  return new k8s.helm.v3.Release(name, {
    name,
    chart: chart.chart,
    version: chart.version,
    repositoryOpts: { repo: chart.repository },
    namespace: chart.namespace,
    createNamespace: chart.namespace !== "kube-system",
    atomic: true,
    timeout: 600,
    values: values(context),
  }, options);
}
