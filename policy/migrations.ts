import { allJobs, chooseServices } from "../services/catalog";
import type { PolicyResource } from "./resource";
import { ofType, type StackFault } from "./rule";

/** Images with tables of their own; the job `migrate-IMAGE` makes them. */
const applicationImages: readonly string[] = ["agent", "brain", "memory"];

/** Resources that run a service of the catalog, by their logical name. */
const workloadTypes = [
  "docker:index/container:Container", "aws:ecs/service:Service", "aws:apprunner/service:Service", "aws:ecs/expressGatewayService:ExpressGatewayService",
  "kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet",
];
/** A component of ours around a service, where the service shares its machines with others. */
const serviceComponent = /^somastack:[\w-]+:Service$/;
/** Whatever runs a job of the catalog, by its logical name. */
const jobType = /^somastack:[\w-]+:\w*Job$|^kubernetes:batch\/v1:Job$|^docker:index\/container:Container$/;

type Children = ReadonlyMap<string, readonly PolicyResource[]>;

/** Whatever resources wait for, directly or not; a component of ours stands for all that is in it. */
function awaited(starts: readonly PolicyResource[], byUrn: ReadonlyMap<string, PolicyResource>, children: Children): ReadonlySet<string> {
  const seen = new Set<string>();
  const rest = [...starts];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    for (const urn of next.dependencies) {
      const found = byUrn.get(urn);
      if (found === undefined || seen.has(urn)) continue;
      seen.add(urn);
      const inside = children.get(urn) ?? [];
      for (const child of inside) seen.add(child.urn);
      rest.push(found, ...(found.type.startsWith("somastack:") ? inside : []));
    }
  }
  return seen;
}

function below(resource: PolicyResource, children: Children): readonly PolicyResource[] {
  return (children.get(resource.urn) ?? []).flatMap((child) => [child, ...below(child, children)]);
}

/** Applications that may start before their tables are there. */
export function beforeMigrations(resources: readonly PolicyResource[]): StackFault[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const children = new Map<string, PolicyResource[]>();
  for (const resource of resources) if (resource.parent !== undefined) children.set(resource.parent, [...(children.get(resource.parent) ?? []), resource]);
  const images = new Map(chooseServices(() => true).filter(({ image }) => applicationImages.includes(image)).map(({ name, image }) => [name, image]));
  const runs = allJobs.map(({ name }) => name).filter((name) => name.startsWith("migrate-"))
    .map((name) => ({ name, urns: resources.filter((resource) => resource.name === name && jobType.test(resource.type)).map(({ urn }) => urn) }));
  const components = resources.filter((resource) => serviceComponent.test(resource.type) && ofType(below(resource, children), ...workloadTypes).length === 0);
  return [...ofType(resources, ...workloadTypes), ...components].flatMap((application) => {
    const image = images.get(application.name);
    if (image === undefined) return [];
    const waits = awaited([application, ...below(application, children)], byUrn, children);
    // Its own tables are always to be made first, those of the others where they are.
    const absent = runs.filter(({ name, urns }) => (urns.length > 0 || name === `migrate-${image}`) && !urns.some((urn) => waits.has(urn))).map(({ name }) => name);
    return absent.length === 0 ? [] : [{ urn: application.urn, fault: `does not wait for ${absent.join(", ")}` }];
  });
}
