import type * as pulumi from "@pulumi/pulumi";
import type * as provider from "@pulumi/pulumi/provider";

import { imaginedOutputs, imaginedResult } from "../../plan/imagined";
import { hasUnknown, unwrap } from "../../provider/envelopes";
import { components } from "./components";
import type { Ledger } from "./ledger";

/** Inputs whose change replaces a resource; every other change is an update in place. */
const replacing: Readonly<Record<string, readonly string[]>> = {
  "aws:ecs/taskDefinition:TaskDefinition": ["containerDefinitions", "family", "cpu", "memory", "taskRoleArn", "executionRoleArn", "volumes", "ephemeralStorage"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["name"],
  "aws:s3/bucketObjectv2:BucketObjectv2": ["bucket", "key"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretId", "secretString"],
};

/**
 * Our double of a cloud plugin. It keeps what it is told in a folder and answers with plausible ids: it proves how the program
 * behaves under the real engine, and nothing about the cloud.
 */
export class CloudDouble implements provider.Provider {
  constructor(
    readonly version: string,
    private readonly ledger: Ledger,
  ) {}

  check(_urn: string, _olds: unknown, news: unknown): Promise<provider.CheckResult> {
    return Promise.resolve({ inputs: news });
  }

  diff(_id: string, urn: string, olds: unknown, news: unknown): Promise<provider.DiffResult> {
    const before = unwrap(olds) as Record<string, unknown>;
    const after = unwrap(news) as Record<string, unknown>;
    const changed = Object.keys(after).filter((key) => hasUnknown(after[key]) || JSON.stringify(before[key]) !== JSON.stringify(after[key]));
    const replaces = changed.filter((key) => (replacing[typeOf(urn)] ?? []).includes(key));
    return Promise.resolve({ changes: changed.length > 0, replaces });
  }

  async create(urn: string, inputs: Record<string, unknown>): Promise<provider.CreateResult> {
    const number = this.ledger.countCreation(urn);
    if (this.ledger.mustFail(number)) throw new Error(`the double was told to fail at creation ${number}: ${urn}`);
    const { id, outputs: imagined } = imaginedOutputs(typeOf(urn), nameOf(urn), unwrap(inputs) as Record<string, unknown>);
    // Each task definition is a revision of its own, as in ECS.
    const outputs = typeOf(urn).endsWith(":TaskDefinition") ? { ...imagined, revision: number, arn: String(imagined["arn"]).replace(/:1$/, `:${number}`) } : imagined;
    this.ledger.put({ urn, type: typeOf(urn), name: nameOf(urn), outputs });
    // Inputs go back in their envelopes, so that secrets stay secrets.
    return { id: id ?? nameOf(urn), outs: { ...outputs, ...inputs } };
  }

  async update(_id: string, urn: string, olds: unknown, news: Record<string, unknown>): Promise<provider.UpdateResult> {
    const { outputs: imagined } = imaginedOutputs(typeOf(urn), nameOf(urn), unwrap(news) as Record<string, unknown>);
    // Each change of a launch template is a version of its own, as in EC2.
    const outputs = typeOf(urn).endsWith(":LaunchTemplate") ? { ...imagined, latestVersion: Number((unwrap(olds) as Record<string, unknown>)["latestVersion"]) + 1 } : imagined;
    this.ledger.put({ urn, type: typeOf(urn), name: nameOf(urn), outputs });
    return { outs: { ...outputs, ...news } };
  }

  async delete(_id: string, urn: string): Promise<void> {
    this.ledger.remove(urn);
  }

  async invoke(token: string, inputs: Record<string, unknown>): Promise<provider.InvokeResult> {
    return { outputs: imaginedResult(token, inputs) };
  }

  async construct(name: string, type: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions): Promise<provider.ConstructResult> {
    const component = components[type];
    if (component === undefined) throw new Error(`this double has no component ${type}`);
    return component(name, inputs, options);
  }
}

function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
