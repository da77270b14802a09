import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { allow, type Statement } from "../aws/roles";

/** Address of the agent that gives pods their credentials (EKS user guide, "Considerations for EKS Pod Identity"). */
export const agentCidr = "169.254.170.23/32";

/** Port of the agent. */
export const agentPort = 80;

/** Trust in the agent of EKS alone (EKS user guide, "Create IAM role with trust policy required by EKS Pod Identity"). */
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "pods.eks.amazonaws.com" }, Action: ["sts:AssumeRole", "sts:TagSession"] }],
});

/** What a role of pods may do. */
export interface PodRoleArgs {
  readonly statements?: readonly Statement[];
  /** Policies that AWS keeps for the purpose, by their path below `policy/`. */
  readonly policies?: readonly string[];
}

/** A role that pods take on by Pod Identity, and what gives it its rights. */
export function podRole(name: string, { statements = [], policies = [] }: PodRoleArgs, parent: pulumi.Resource): { readonly role: aws.iam.Role; readonly rights: readonly pulumi.Resource[] } {
  const role = new aws.iam.Role(name, { assumeRolePolicy: trust }, { parent });
  const attached = policies.map((policy) => new aws.iam.RolePolicyAttachment(`${name}-${policy.split("/").at(-1)}`, { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` }, { parent }));
  return { role, rights: statements.length === 0 ? attached : [...attached, allow(name, role, statements, { parent })] };
}

/** Gives the pods of a service account a role. */
export function associate(name: string, account: { readonly namespace: pulumi.Input<string>; readonly name: string }, clusterName: pulumi.Input<string>, args: PodRoleArgs, parent: pulumi.Resource): pulumi.Resource[] {
  const { role, rights } = podRole(name, args, parent);
  const association = new aws.eks.PodIdentityAssociation(name, { clusterName, namespace: account.namespace, serviceAccount: account.name, roleArn: role.arn }, { parent });
  return [...rights, association];
}
