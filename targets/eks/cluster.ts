import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import type { EntrySpec } from "../target";

/** An add-on that a cluster can have already. */
export type AddOn = "aws-load-balancer-controller" | "cert-manager" | "external-dns" | "metrics-server" | "vertical-pod-autoscaler" | "ebs-csi" | "efs-csi" | "external-secrets" | "kube-state-metrics" | Operator;

/** An operator of data: installed where the data of a stack is its. */
export type Operator = "cloudnative-pg" | "strimzi" | "redis-operator";

/** How requests from outside get to a service: the fields of its Ingress that differ between clusters, and where they come from. */
export interface WayIn {
  readonly className?: string;
  annotations(entry: EntrySpec): Record<string, pulumi.Input<string>>;
  /** Whether the Ingress names a Secret with the certificate; else the load balancer has it. */
  readonly tlsSecret: boolean;
  /** Who connects to the pods. */
  readonly peers: k8s.types.input.networking.v1.NetworkPolicyPeer[];
}

/** A cluster that takes workloads: new on AWS, or there already. */
export interface Cluster {
  readonly provider: k8s.Provider;
  /** Storage class of volumes; absent: the cluster's default. */
  readonly storageClass?: pulumi.Input<string>;
  readonly wayIn: WayIn;
  /** Add-ons that are there once these are. */
  readonly ready: readonly pulumi.Resource[];
  /** The AWS parts behind it; absent on a cluster of other hands. */
  readonly aws?: {
    readonly foundation: AwsFoundation;
    /** Name of the EKS cluster. */
    readonly name: pulumi.Output<string>;
    /** Security group of nodes and pods. */
    readonly nodeSecurityGroupId: pulumi.Output<string>;
  };
  readonly outputs: Readonly<Record<string, pulumi.Input<unknown>>>;
}
