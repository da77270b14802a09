import type { Deployment } from "./deployment";
import { secrets } from "./secrets";
import type { Job, Service } from "./types";

/** A connection that the catalog needs: who calls whom, on which container port. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** `{service.part}`, and the port where a literal one follows. */
const address = /\{([a-z][a-z-]*)\.(host|url|port|bootstrap|otlpUrl)\}(?::(\d+))?/g;

/** Port of `{jaeger.otlpUrl}`. */
const otlpHttp = 4318;

/** Every connection of a deployment, sorted; what is not here needs no open port. */
export function edgesOf(deployment: Pick<Deployment, "services" | "jobs">): Edge[] {
  const edges = [...deployment.services, ...deployment.jobs].flatMap((item) => edgesFrom(item, deployment.services));
  return edges.sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to) || a.port - b.port);
}

/** The connections of one service or job. */
export function edgesFrom(item: Service | Job, services: readonly Service[]): Edge[] {
  const known = new Map(services.map((service) => [service.name, service]));
  const found = new Map<string, Edge>();
  for (const template of texts(item)) {
    for (const [, to = "", part, literal] of template.matchAll(address)) {
      const main = known.get(to)?.ports[0]?.container;
      if (main === undefined || to === item.name) continue;
      const port = literal !== undefined ? Number(literal) : part === "otlpUrl" ? otlpHttp : main;
      // A host alone stands beside a port elsewhere in the environment: its main one.
      found.set(`${to}:${port}`, { from: item.name, to, port });
    }
  }
  return [...found.values()];
}

function texts(item: Service | Job): string[] {
  const environment = Object.values(item.environment);
  const files = (item.files ?? []).map((file) => file.content);
  return [...environment, ...files, ...environment.flatMap((template) => secretTexts(template))];
}

/** The texts of the secrets that a template names: connection strings hold addresses too. */
function secretTexts(template: string): string[] {
  return [...template.matchAll(/\{secret\.([a-z-]+)\}/g)].flatMap(([, name = ""]) => {
    const recipe = secrets[name];
    return recipe?.kind === "text" ? [recipe.template] : [];
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
