import * as aws from "@pulumi/aws";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";

import type { TargetContext } from "../target";

/**
 * ARN of the certificate of the stack's domain and its subdomains: the user's, else one that ACM validates in the hosted zone.
 *
 * @throws Error without domain, or without certificate and zone; the settings refuse both before
 */
export function certificate({ values }: TargetContext, options: CustomResourceOptions): Input<string> {
  const { certificateArn, domain, hostedZoneId } = values;
  if (certificateArn !== undefined) return certificateArn;
  if (domain === undefined || hostedZoneId === undefined) throw new Error("a certificate needs somastack:domain and somastack:hostedZoneId");
  const asked = new aws.acm.Certificate("entrance", { domainName: domain, subjectAlternativeNames: [`*.${domain}`], validationMethod: "DNS" }, options);
  // The domain and its wildcard are validated by one and the same record.
  const proof = asked.domainValidationOptions.apply((found) => found[0] ?? { resourceRecordName: "", resourceRecordType: "CNAME", resourceRecordValue: "" });
  const record = new aws.route53.Record("certificate", {
    zoneId: hostedZoneId, name: proof.resourceRecordName, type: proof.resourceRecordType, records: [proof.resourceRecordValue], ttl: 300, allowOverwrite: true,
  }, options);
  return new aws.acm.CertificateValidation("entrance", { certificateArn: asked.arn, validationRecordFqdns: [record.fqdn] }, options).certificateArn;
}
