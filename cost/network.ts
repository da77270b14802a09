import { at, listAt, numberAt, textAt, type Meter } from "./meter";

/** Zones that an internet-facing load balancer of an ingress stands in: those of the network. */
const zones = 3;

/** The NAT gateways of a network that is made with the stack, each with its public address. */
export const vpc: Meter = ({ inputs }) => {
  const strategy = textAt(inputs, "natGateways.strategy");
  const gateways = strategy === "OnePerAz" ? numberAt(inputs, "numberOfAvailabilityZones") ?? zones : strategy === "Single" ? 1 : 0;
  return gateways === 0 ? [] : [{ price: "nat gateway", quantity: gateways }, { price: "public ipv4", quantity: gateways }];
};

/** An interface endpoint costs in each of its zones; a gateway endpoint costs nothing. */
export const endpoint: Meter = ({ inputs }) => (textAt(inputs, "vpcEndpointType") === "Interface" ? [{ price: "vpc endpoint", quantity: listAt(inputs, "subnetIds").length }] : []);

/** A load balancer; one that the internet reaches has a public address in each zone. */
export const loadBalancer: Meter = ({ inputs }) => [
  { price: "load balancer", quantity: 1 },
  ...(at(inputs, "internal") === true ? [] : [{ price: "public ipv4", quantity: listAt(inputs, "subnets").length }]),
];

const annotation = (inputs: unknown, name: string): string => {
  const found = at(inputs, "metadata.annotations");
  return typeof found === "object" && found !== null ? String((found as Readonly<Record<string, unknown>>)[`alb.ingress.kubernetes.io/${name}`] ?? "") : "";
};

/** The ingresses of a group share a load balancer: the first of them is charged with it. */
export const ingress: Meter = (resource, { resources }) => {
  const group = annotation(resource.inputs, "group.name");
  if (group === "") return [];
  const first = resources.find(({ type, inputs }) => type === resource.type && annotation(inputs, "group.name") === group);
  if (first?.urn !== resource.urn) return [];
  return [{ price: "load balancer", quantity: 1 }, ...(annotation(resource.inputs, "scheme") === "internet-facing" ? [{ price: "public ipv4", quantity: zones }] : [])];
};

/** A web ACL and its rules. */
export const webAcl: Meter = ({ inputs }) => [{ price: "web acl", quantity: 1 }, { price: "web acl rule", quantity: listAt(inputs, "rules").length }];
