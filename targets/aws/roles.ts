import * as aws from "@pulumi/aws";
import type { ComponentResourceOptions, CustomResourceOptions, Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";

/** A statement of a role's policy. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly Input<string>[];
  readonly conditions?: readonly { readonly test: string; readonly variable: string; readonly values: readonly Input<string>[] }[];
}

/** A role that an AWS service takes on. */
export function serviceRole(name: string, principal: string, options: CustomResourceOptions): aws.iam.Role {
  return new aws.iam.Role(name, {
    assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: principal } }] }),
  }, options);
}

/** What a role may do: its statements as one inline policy. */
export function allow(name: string, role: aws.iam.Role, statements: readonly Statement[], options: CustomResourceOptions & ComponentResourceOptions): aws.iam.RolePolicy {
  const document = {
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources, conditions = [] }) => ({
      Effect: "Allow",
      Action: [...actions],
      Resource: [...resources],
      ...(conditions.length === 0 ? {} : { Condition: Object.fromEntries(conditions.map(({ test, variable, values }) => [test, { [variable]: [...values] }])) }),
    })),
  };
  return new aws.iam.RolePolicy(name, { role: role.id, policy: pulumi.jsonStringify(document) }, options);
}

/** A role, and what gives it its rights: who uses it waits for them. */
export interface RoleWithPolicies {
  readonly role: aws.iam.Role;
  readonly policies: readonly pulumi.Resource[];
}

/** A role of an AWS service with policies that AWS keeps for its purpose, by their path below `policy/`. */
export function roleWith(name: string, principal: string, policies: readonly string[], parent: pulumi.Resource): RoleWithPolicies {
  const role = serviceRole(name, principal, { parent });
  return {
    role,
    policies: policies.map((policy) => new aws.iam.RolePolicyAttachment(`${name}-${policy.split("/").at(-1)}`, { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` }, { parent })),
  };
}
