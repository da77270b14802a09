import { hostnameOf } from "../services/entry";
import type { Deployment } from "../services/deployment";
import { isFront } from "../services/sizing";
import type { Service } from "../services/types";
import { usesExistingCluster } from "../settings/rules";

/** Something that stands in a part of the network. */
export interface Node {
  readonly title: string;
  readonly detail: string;
  /** Run by AWS, not by this stack. */
  readonly managed?: true;
}

/** A part of the network: what stands in it reaches the others only as the connections say. */
export interface Zone {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly Node[];
}

/** The network of a deployment: its parts from outside to inside, and the ways between them. */
export interface NetworkView {
  readonly title: string;
  readonly zones: readonly Zone[];
  readonly ways: readonly { readonly from: string; readonly to: string; readonly text: string }[];
}

/** The network that a deployment stands in. */
export function networkOf(deployment: Deployment): NetworkView {
  const { settings } = deployment;
  if (settings.values.deploymentTarget === "LOCAL") return onHost(deployment);
  if (settings.values.deploymentTarget === "EKS" && usesExistingCluster(settings.values.cluster)) return inCluster(deployment);
  return inVpc(deployment);
}

const port = (service: Service): string => (service.ports.length === 0 ? "no port" : `port ${service.ports.map(({ container }) => container).join(", ")}`);

/** Services that run outside the network, on App Runner or ECS Express Mode. */
function fronts({ services, settings }: Deployment): readonly Service[] {
  return settings.values.deploymentTarget === "APP_RUNNER" ? services.filter(isFront) : [];
}

function running(deployment: Deployment): Node[] {
  const elsewhere = new Set([...deployment.managed, ...fronts(deployment).map(({ name }) => name)]);
  return deployment.services.filter(({ name }) => !elsewhere.has(name)).map((service) => ({ title: service.title, detail: port(service) }));
}

/** The host names behind an entrance. */
function hosts(deployment: Deployment, visibility: "public" | "internal"): string[] {
  const { services, settings } = deployment;
  const front = fronts(deployment);
  return services.filter((service) => service.entry?.visibility === visibility && !front.includes(service)).flatMap((service) => hostnameOf(service, settings) ?? []);
}

function onHost(deployment: Deployment): NetworkView {
  const published = deployment.services.flatMap(({ title, ports }) => ports.flatMap((one) => (one.published === undefined ? [] : [{ title: `127.0.0.1:${one.published}`, detail: `${title}, ${one.protocol}` }])));
  return {
    title: "this machine",
    zones: [
      { id: "host", title: "published on this machine alone", nodes: published },
      { id: "network", title: `Docker network somastack-${deployment.settings.stack}`, nodes: running(deployment) },
    ],
    ways: [{ from: "host", to: "network", text: "published ports" }],
  };
}

function inCluster(deployment: Deployment): NetworkView {
  return {
    title: "a cluster of yours",
    zones: [
      { id: "entry", title: "ingress", nodes: entrances(deployment) },
      { id: "namespace", title: `namespace somastack-${deployment.settings.stack}: everything denied but the catalog's connections`, nodes: running(deployment) },
    ],
    ways: [{ from: "entry", to: "namespace", text: "by host name" }],
  };
}

function inVpc(deployment: Deployment): NetworkView {
  const { network, region } = deployment.settings.values;
  const data = deployment.services.filter(({ name }) => deployment.managed.has(name));
  const engine = deployment.settings.values.appRunner.engine === "express" ? "ECS Express Mode" : "App Runner";
  const front = fronts(deployment).map((service): Node => ({ title: service.title, detail: `on ${engine}`, managed: true }));
  const found = entrances(deployment);
  const [open, inside] = ["Public entrance", "Internal entrance"].map((title) => found.filter((node) => node.title === title));
  return {
    title: `${"vpcId" in network ? network.vpcId : "VPC"} ${network.cidr}, ${region}, three zones`,
    zones: [
      { id: "internet", title: "internet", nodes: [{ title: "Users", detail: "HTTPS, WebSocket" }, { title: "Outside services", detail: "language models, AWS" }] },
      { id: "public", title: front.length === 0 ? "public subnets" : "public subnets, and the front beside the network", nodes: [...front, ...(open ?? []), { title: "NAT gateways", detail: "the only way out" }] },
      { id: "private", title: "private subnets: the catalog's connections are open, and no other", nodes: [...(inside ?? []), ...running(deployment)] },
      ...(data.length === 0 ? [] : [{ id: "data", title: "private subnets: managed data", nodes: data.map(({ title }) => ({ title, detail: "managed by AWS", managed: true as const })) }]),
    ],
    ways: [
      { from: "internet", to: "public", text: "443; 80 redirects" },
      { from: "public", to: "private", text: "by host name" },
      ...(data.length === 0 ? [] : [{ from: "private", to: "data", text: "for those that call them" }]),
    ],
  };
}

function entrances(deployment: Deployment): Node[] {
  const titles = { public: "Public entrance", internal: "Internal entrance" } as const;
  return (["public", "internal"] as const).flatMap((visibility) => {
    const names = hosts(deployment, visibility);
    return names.length === 0 ? [] : [{ title: titles[visibility], detail: names.join(", ") }];
  });
}
