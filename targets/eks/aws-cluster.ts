import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { capabilities } from "../../settings/capabilities";
import type { AwsFoundation } from "../aws/foundation";
import { installStorage } from "./add-ons/storage";
import { clientSettings } from "./client-settings";
import { nodeNumbers, Nodes } from "./nodes";

/** Newest version in standard support (EKS user guide, "Kubernetes versions": 1.35 until March 2027). */
export const defaultVersion = "1.35";

const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** The EKS cluster of a stack: control plane, nodes, its own add-ons and storage. */
export class AwsCluster extends pulumi.ComponentResource {
  readonly provider: k8s.Provider;
  readonly name: pulumi.Output<string>;
  readonly version: string;
  readonly nodeSecurityGroupId: pulumi.Output<string>;
  /** Storage class of volumes. */
  readonly storageClass: pulumi.Output<string>;
  /** Pods start once these are there. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, foundation: AwsFoundation, options: pulumi.ComponentResourceOptions) {
    super("somastack:eks:Cluster", name, {}, options);
    const { context: { stack, values, profile }, network, key } = foundation;
    const { adminCidrs, version = defaultVersion, data } = values.cluster;
    this.version = version;
    const parent = { parent: this };
    const cluster = new eks.Cluster(name, {
      name: `somastack-${stack}`,
      version,
      vpcId: network.vpcId,
      privateSubnetIds: network.privateSubnetIds,
      publicSubnetIds: network.publicSubnetIds,
      nodeAssociatePublicIpAddress: false,
      skipDefaultNodeGroup: true,
      // EKS's own group joins control plane and nodes; a second pair would only repeat it.
      skipDefaultSecurityGroups: true,
      authenticationMode: eks.AuthenticationMode.Api,
      enabledClusterLogTypes: logTypes,
      encryptionConfigKeyArn: key.arn,
      endpointPrivateAccess: true,
      endpointPublicAccess: adminCidrs.length > 0,
      ...(adminCidrs.length > 0 ? { publicAccessCidrs: adminCidrs } : {}),
      deletionProtection: profile.production,
      upgradePolicy: { supportType: "STANDARD" },
      // Network policies of Kubernetes are enforced by the network plugin itself.
      vpcCniOptions: { enableNetworkPolicy: true },
      // It needs nodes, which come after the cluster.
      corednsAddonOptions: { enabled: false },
    }, { ...parent, protect: profile.production });
    this.name = cluster.eksCluster.name;
    this.nodeSecurityGroupId = cluster.eksCluster.vpcConfig.clusterSecurityGroupId;
    this.provider = new k8s.Provider("kubernetes", { kubeconfig: cluster.kubeconfigJson, ...clientSettings }, parent);
    const managed = data === undefined || data === "managed" ? capabilities.EKS.managed : [];
    const nodes = new Nodes("nodes", { foundation, clusterName: this.name, version, numbers: nodeNumbers(profile.production, managed) }, { ...parent, providers: [foundation.provider] });
    const addOns = ["coredns", "eks-pod-identity-agent"].map((addonName) => new aws.eks.Addon(addonName, {
      clusterName: this.name, addonName, resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "PRESERVE",
    }, { ...parent, dependsOn: [nodes.group] }));
    const storage = installStorage(this, { foundation, clusterName: this.name, provider: this.provider, waitFor: addOns });
    this.storageClass = storage.storageClass;
    this.ready = [...addOns, ...storage.ready];
    this.registerOutputs({ name: this.name });
  }
}
