import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../../aws/foundation";
import { podRole, type PodRoleArgs } from "../pod-identity";

/** Where storage is installed. */
export interface StoragePlace {
  readonly foundation: AwsFoundation;
  readonly clusterName: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  readonly waitFor: readonly pulumi.Resource[];
}

/** Storage drivers of EKS, their accounts and their rights (EKS user guide, "Amazon EBS CSI driver", "Amazon EFS CSI driver"). */
const drivers = {
  "ebs-csi": { addon: "aws-ebs-csi-driver", account: "ebs-csi-controller-sa", policy: "service-role/AmazonEBSCSIDriverPolicy" },
  "efs-csi": { addon: "aws-efs-csi-driver", account: "efs-csi-controller-sa", policy: "service-role/AmazonEFSCSIDriverPolicy" },
} as const;

/**
 * The drivers that the cluster does not have, and the storage class of volumes: gp3, encrypted with the stack's key, in the zone of its
 * first pod, growing on demand. In production the disk outlives its claim.
 */
export function installStorage(parent: pulumi.Resource, { foundation, clusterName, provider, waitFor }: StoragePlace): { readonly storageClass: pulumi.Output<string>; readonly ready: pulumi.Resource[] } {
  const { key, context: { profile, values } } = foundation;
  const wanted = (["ebs-csi", "efs-csi"] as const).filter((driver) => !values.cluster.without.includes(driver));
  const addOns = wanted.map((driver) => {
    const { addon, account, policy } = drivers[driver];
    const { role, rights } = podRole(driver, rightsOf(driver, policy, key.arn), parent);
    return new aws.eks.Addon(addon, {
      clusterName, addonName: addon, podIdentityAssociations: [{ serviceAccount: account, roleArn: role.arn }], resolveConflictsOnCreate: "OVERWRITE", resolveConflictsOnUpdate: "PRESERVE",
    }, { parent, dependsOn: [...waitFor, ...rights] });
  });
  const storageClass = new k8s.storage.v1.StorageClass("gp3", {
    metadata: { name: "somastack-gp3" },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true", kmsKeyId: key.arn },
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
    reclaimPolicy: profile.retainData ? "Retain" : "Delete",
  }, { parent, provider, dependsOn: addOns });
  return { storageClass: storageClass.metadata.name, ready: addOns };
}

/** The EBS driver uses the key of the disks through EBS grants (EKS user guide, "Encryption with a customer managed key"). */
function rightsOf(driver: keyof typeof drivers, policy: string, keyArn: pulumi.Output<string>): PodRoleArgs {
  if (driver === "efs-csi") return { policies: [policy] };
  return {
    policies: [policy],
    statements: [
      { actions: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], resources: [keyArn], conditions: [{ test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }] },
      { actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"], resources: [keyArn] },
    ],
  };
}
