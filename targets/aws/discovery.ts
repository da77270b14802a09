import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Seconds for which an address is kept: a replaced task is found again that soon. */
const ttl = 10;

/** The in-network name of a service: an address record for each healthy task of it. */
export function register(name: string, namespaceId: pulumi.Input<string>, parent: pulumi.Resource): aws.servicediscovery.Service {
  return new aws.servicediscovery.Service(name, {
    name,
    dnsConfig: { namespaceId, dnsRecords: [{ type: "A", ttl }], routingPolicy: "MULTIVALUE" },
    // Tasks leave with their service; what is left of them must not hold up the end of the stack.
    forceDestroy: true,
  }, { parent });
}
