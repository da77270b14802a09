import { capabilities, type Capabilities } from "../settings/capabilities";
import { loadSettings } from "../settings/load";
import { mismatches } from "../services/requirements";
import { planDeployment, type Deployment } from "../services/deployment";
import { targets as deployable } from "../stacks/target";

type Config = Readonly<Record<string, string>>;

const cloud: Config = { domain: "agent.example.com", hostedZoneId: "Z0123456789EXAMPLE", accept: "all" };

const deploymentOf = (config: Config): Deployment =>
  planDeployment(loadSettings("docs", { config: { ...cloud, ...config }, secretKeys: new Set(), environment: {}, dotenv: {} }));

/** Renders the page of the software, deployment and SaaS modes: what each changes, from the catalog and the capability matrix. */
export function modesDocument(): string {
  return `# Software deployment modes

Three choices decide what runs, and a fourth decides where. They are settings like all others ([settings.md](../settings.md)).
This page is rendered from the catalog by \`npm run somastack -- render modes\`; a test holds it equal.

| choice | setting | variable | values |
|---|---|---|---|
| software mode | \`somastack:softwareMode\` | \`SOMASTACK_SOFTWARE_MODE\` | \`StandAlone\` (default), \`SomaStackClusterMode\` |
| SaaS mode | \`somastack:saasMode\` | \`SOMA_SAAS_MODE\` | \`false\` (default), \`true\` |
| deployment mode | \`somastack:deploymentMode\` | \`SA01_DEPLOYMENT_MODE\` | \`DEV\` (default), \`PROD\` |
| target | \`somastack:deploymentTarget\` | \`SA01_DEPLOYMENT_TARGET\` | ${Object.keys(capabilities).map((target) => `\`${target}\``).join(", ")} |

## Software and SaaS mode: what is deployed

${softwareTable()}

**StandAlone** is the control plane alone: the addresses of brain, memory, Kafka and Milvus are not given to the applications, and
cross-service calls are off. **SomaStackClusterMode** is all of SomaStack: agent, brain and memory share one generated service
token and fail closed: when authorization or memory is down they are not ready, and the combined health says so. The stack's
output \`topology\` is the tree "SomaStack" with the branches control, cognitive, memory and infrastructure, the same at every
run. With **SaaS mode** brain and memory run in process in the agent and are not deployed as services.
\`somastack:observability\` (\`mode\`, \`health\`, \`full\`) adds Grafana, Jaeger and Temporal to StandAlone or takes them from the cluster.

## Deployment mode: what PROD changes

| | DEV | PROD |
|---|---|---|
| \`DEBUG\`, \`ALLOWED_HOSTS\` empty or \`*\`, localhost addresses, missing required values, secrets in plain configuration or \`.env\`, images without a version | accepted | errors, before anything is created |
| applications answer to \`localhost\` | yes | no |
| data (volumes, databases, buckets, keys) | removed with \`--volumes\` | protected, and kept whatever happens to the stack |
| instances of a service in a cloud | 1 | the catalog's fewest to most, scaled by load |
| databases in a cloud | one zone, backups of a day | standby in another zone, deletion protection, backups of two weeks, final snapshot |
| network address translation | one gateway | one a zone |

## Target: what each can do

${targetTable()}

A service whose needs a target cannot meet is refused before any resource, by name. What a user may accept has a code, for
\`somastack:accept\` or \`--accept\`; accepted, it is a warning in the plan and in the stack's outputs:

${Object.keys(capabilities).flatMap((target) => acceptable(target, { deploymentTarget: target })).join("\n")}
${acceptable("APP_RUNNER, engine express", { deploymentTarget: "APP_RUNNER", appRunner: '{"engine": "express"}' }).join("\n")}
`;
}

function softwareTable(): string {
  const modes: readonly [string, Deployment][] = [
    ["StandAlone", deploymentOf({})],
    ["StandAlone, SaaS", deploymentOf({ saasMode: "true" })],
    ["SomaStackClusterMode", deploymentOf({ softwareMode: "SomaStackClusterMode" })],
    ["SomaStackClusterMode, SaaS", deploymentOf({ softwareMode: "SomaStackClusterMode", saasMode: "true" })],
  ];
  const all = modes[2]?.[1];
  const rows = [
    ...(all?.services ?? []).map((service) => [service.title, ...modes.map(([, { services }]) => (services.some(({ name }) => name === service.name) ? "yes" : "-"))]),
    ["migrations", ...modes.map(([, { jobs }]) => jobs.filter(({ name }) => name.startsWith("migrate-")).map(({ name }) => name.slice("migrate-".length)).join(" -> "))],
  ];
  return markdown(["service", ...modes.map(([title]) => title)], rows);
}

function targetTable(): string {
  const targets = Object.entries(capabilities);
  const row = (title: string, value: (target: Capabilities) => string): string[] => [title, ...targets.map(([, target]) => value(target))];
  const front = (what: "websocket" | "grpc" | "persistentDisk") => (target: Capabilities): string =>
    target.front !== undefined && target.front[what] !== target[what] ? `${mark(target[what])}; front: ${mark(target.front[what])}` : mark(target[what]);
  return markdown(["", ...targets.map(([name]) => name)], [
    ["this version deploys to it", ...targets.map(([name]) => mark(deployable.includes(name)))],
    row("WebSocket", front("websocket")),
    row("gRPC", front("grpc")),
    row("persistent disk", front("persistentDisk")),
    row("several instances", ({ replicas }) => mark(replicas)),
    row("blue/green", ({ blueGreen }) => mark(blueGreen)),
    row("jobs", ({ jobs }) => mark(jobs)),
    row("private DNS", ({ privateDns }) => mark(privateDns)),
    row("largest size", ({ sizes, front: limits }) => [largest(sizes), ...(limits === undefined ? [] : [`front: ${largest(limits.sizes)}`])].join("; ")),
    row("managed data", ({ managed }) => (managed.length === 0 ? "-" : managed.join(", "))),
  ]);
}

function acceptable(where: string, config: Config): string[] {
  return mismatches(deploymentOf({ softwareMode: "SomaStackClusterMode", ...config })).map(({ code, text }) => `- \`${code}\` (${where}): ${text}`);
}

const mark = (value: boolean): string => (value ? "yes" : "no");

function largest(sizes: Capabilities["sizes"]): string {
  const row = sizes?.at(-1);
  return row === undefined ? "the machine's" : `${row.cpu} vCPU, ${(row.memoryMib.at(-1) ?? 0) / 1024} GB`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
