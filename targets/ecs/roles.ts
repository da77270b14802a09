import type * as pulumi from "@pulumi/pulumi";

import { allow, serviceRole, type RoleWithPolicies, type Statement } from "../aws/roles";

/** A role of tasks, or of who else takes it on, that may do what the statements say, and without statements nothing. */
export function taskRole(name: string, statements: readonly Statement[], parent: pulumi.Resource, principal = "ecs-tasks.amazonaws.com"): RoleWithPolicies {
  const role = serviceRole(name, principal, { parent });
  return { role, policies: statements.length === 0 ? [] : [allow(name, role, statements, { parent })] };
}

/** Mounting one access point of a file system. */
export function volumeStatements(fileSystemArn: pulumi.Input<string>, accessPointArn: pulumi.Input<string>): Statement[] {
  return [{
    actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
    resources: [fileSystemArn],
    conditions: [{ test: "StringEquals", variable: "elasticfilesystem:AccessPointArn", values: [accessPointArn] }],
  }];
}
