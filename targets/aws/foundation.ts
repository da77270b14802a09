import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { TargetContext } from "../target";
import { Alarms } from "./alarms";
import { Entrances } from "./entrances";
import { dataKey } from "./key";
import { Logs } from "./logs";
import { Network } from "./network";
import { PrivateDns } from "./private-dns";
import { SecurityGroups } from "./security-groups";

/** What every AWS target stands on: provider, key, network, names, logs, alarms and the ways in. */
export class AwsFoundation extends pulumi.ComponentResource {
  readonly provider: aws.Provider;
  /** Encrypts data, secrets, logs and alarms. */
  readonly key: aws.kms.Key;
  readonly logs: Logs;
  readonly network: Network;
  readonly securityGroups: SecurityGroups;
  readonly dns: PrivateDns | undefined;
  readonly alarms: Alarms;
  readonly entrances: Entrances;
  /** Buckets of managed object stores, by service: targets give the roles of their users access. */
  readonly objectStores = new Map<string, { readonly bucketArn: pulumi.Output<string> }>();
  /** Services that answer at an address of AWS outside the network: their callers need HTTPS and no way to them. */
  readonly outside = new Set<string>();

  constructor(readonly context: TargetContext, { privateDns }: { readonly privateDns: boolean }) {
    super("somastack:aws:Foundation", "aws", {}, { parent: context.parent });
    const { stack, values } = context;
    this.provider = new aws.Provider("aws", {
      region: values.region,
      defaultTags: { tags: { project: "somastack", stack, "managed-by": "pulumi" } },
    }, { parent: this });
    const below = { parent: this, provider: this.provider };
    this.key = dataKey(context, below);
    this.logs = new Logs(context, this.key, below);
    this.network = new Network("network", { context, logs: this.logs }, { parent: this, providers: [this.provider] });
    this.securityGroups = new SecurityGroups(context, this.network, below);
    this.dns = privateDns ? new PrivateDns("private-dns", { context, network: this.network }, { parent: this, providers: [this.provider] }) : undefined;
    this.alarms = new Alarms(context, this.key, below);
    this.entrances = new Entrances(this);
    this.registerOutputs({ vpcId: this.network.vpcId });
  }
}
