import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** What stands in the DNS for a domain of an App Runner service. */
export interface DomainRecords {
  /** Name that the domain points to. */
  readonly target: pulumi.Output<string>;
  /** Records that prove the domain to be the user's. */
  readonly proofs: pulumi.Output<{ readonly name: string; readonly type: string; readonly value: string }[]>;
}

/** Records with which App Runner lets a domain be proved that does not bring its `www` along. */
const proofCount = 2;

/** The domain of an App Runner service: App Runner gets its certificate; its records are made where there is a hosted zone. */
export function customDomain(name: string, hostname: string, service: aws.apprunner.Service, { zoneId, region }: { readonly zoneId: string | undefined; readonly region: string }, options: pulumi.CustomResourceOptions): DomainRecords {
  const association = new aws.apprunner.CustomDomainAssociation(name, { serviceArn: service.arn, domainName: hostname, enableWwwSubdomain: false }, options);
  // Their order changes with their state.
  const proofs = association.certificateValidationRecords.apply((found) => [...found].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name: record, type, value }) => ({ name: record, type, value })));
  if (zoneId !== undefined) {
    for (let index = 0; index < proofCount; index += 1) {
      const proof = (part: "name" | "type" | "value"): pulumi.Output<string> => proofs.apply((all) => all[index]?.[part] ?? "");
      new aws.route53.Record(`${name}-proof-${index}`, { zoneId, name: proof("name"), type: proof("type"), records: [proof("value")], ttl: 300, allowOverwrite: true }, options);
    }
    new aws.route53.Record(name, {
      zoneId, name: hostname, type: "A",
      aliases: [{ name: association.dnsTarget, zoneId: aws.apprunner.getHostedZoneIdOutput({ region }, options).id, evaluateTargetHealth: true }],
    }, options);
  }
  return { target: association.dnsTarget, proofs };
}
