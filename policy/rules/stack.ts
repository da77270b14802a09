import { allJobs, chooseServices } from "../../services/catalog";
import { dockerVariables, variables, withVariables } from "../environment";
import { isHidden, type PolicyResource } from "../resource";
import { checks, ofType, spans, type Rule, type StackFault } from "../rule";
import { isGiven, listed, parsed } from "../values";

/** Resources with data that nothing brings back. */
const dataTypes = [
  "aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup", "aws:msk/cluster:Cluster", "aws:efs/fileSystem:FileSystem",
  "aws:dynamodb/table:Table", "aws:kms/key:Key", "aws:ebs/volume:Volume", "kubernetes:core/v1:PersistentVolumeClaim", "docker:index/volume:Volume",
];
const bucket = "aws:s3/bucket:Bucket";

/** Objects of the applications are data; the logs of an entrance are not. */
const isData = ({ type, name }: PolicyResource): boolean => dataTypes.includes(type) || (type === bucket && !/(^|-)logs$/.test(name));

/** Resources that run a service or a job of the catalog, by their logical name. */
const workloadTypes = [
  "docker:index/container:Container", "aws:ecs/service:Service", "aws:apprunner/service:Service", "kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet",
];
const jobTypes = [
  "docker:index/container:Container", "somastack:docker:Job", "somastack:ecs:Job", "somastack:eks:Job", "somastack:ec2:Job", "somastack:index:DockerJob", "somastack:index:EcsJob", "kubernetes:batch/v1:Job",
];

/** Whatever a resource waits for, directly or not; a component stands for all that is in it. */
function awaited(start: PolicyResource, byUrn: ReadonlyMap<string, PolicyResource>, children: ReadonlyMap<string, readonly PolicyResource[]>): ReadonlySet<string> {
  const seen = new Set<string>();
  const rest = [start];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    for (const urn of next.dependencies) {
      const found = byUrn.get(urn);
      if (found === undefined || seen.has(urn)) continue;
      seen.add(urn);
      rest.push(found, ...(found.type.startsWith("somastack:") ? (children.get(urn) ?? []) : []));
      for (const child of children.get(urn) ?? []) seen.add(child.urn);
    }
  }
  return seen;
}

/** Applications that may start before their tables are there. */
function beforeMigrations(resources: readonly PolicyResource[]): StackFault[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const children = new Map<string, PolicyResource[]>();
  for (const resource of resources) if (resource.parent !== undefined) children.set(resource.parent, [...(children.get(resource.parent) ?? []), resource]);
  const applications = new Set(chooseServices((name) => name !== "").filter(({ image }) => ["agent", "brain", "memory"].includes(image)).map(({ name }) => name));
  const migrations = allJobs.map(({ name }) => name).filter((name) => name.startsWith("migrate-"));
  const runs = migrations.map((name) => ({ name, urns: ofType(resources, ...jobTypes).filter((resource) => resource.name === name).map(({ urn }) => urn) })).filter(({ urns }) => urns.length > 0);
  return ofType(resources, ...workloadTypes).filter(({ name }) => applications.has(name)).flatMap((application) => {
    const waits = awaited(application, byUrn, children);
    const absent = runs.filter(({ urns }) => !urns.some((urn) => waits.has(urn))).map(({ name }) => name);
    return absent.length === 0 ? [] : [{ urn: application.urn, fault: `does not wait for ${absent.join(", ")}` }];
  });
}

/** The guide's checklist, as the variables of the applications show it. */
function checklistFaults(resource: PolicyResource): string[] {
  return [...variables(resource), ...dockerVariables(resource)].flatMap(({ owner, name, value }) => {
    if (/(^|_)DEBUG$/.test(name) && /^(true|1|yes|on)$/i.test(value)) return [`${owner} has ${name}=${value}`];
    if (/(^|_)ALLOWED_HOSTS$/.test(name) && value.split(",").some((host) => host.trim() === "*")) return [`${owner} has ${name}=*`];
    if (/(^|_)SECRET_KEY$/.test(name) && /change.?me|insecure|^(secret|test|dev)/i.test(value)) return [`${owner} has a ${name} from an example`];
    return [];
  });
}

/** What spans a stack, and Pulumi's own. */
export const stackRules: readonly Rule[] = [
  spans({
    name: "data-protected",
    why: "Data is never deleted by an update, a rename or a `destroy` that nobody meant.",
    mend: "Set protect on the resource.",
  }, (resources) => resources.filter((resource) => isData(resource) && resource.protect === false).map(({ urn }) => ({ urn, fault: "is not protected" }))),
  spans({
    name: "data-retained",
    why: "Data that a stack gives up stays until somebody deletes it by hand.",
    mend: "Set retainOnDelete on the resource.",
    level: "mandatory",
  }, (resources) => resources.filter((resource) => isData(resource) && resource.retainOnDelete === false && !resource.type.startsWith("docker:")).map(({ urn }) => ({ urn, fault: "is not retained" }))),
  spans({
    name: "migrations-first",
    why: "A new version that meets old tables fails its users; a failed migration leaves the old version serving.",
    mend: "Add the migration to `after` of the service in services/.",
  }, beforeMigrations),
  checks("pulumi:providers:aws", {
    name: "aws-default-tags",
    why: "Whose a resource is, and what it costs, is told by tags that every resource has.",
    mend: "Set defaultTags of the provider.",
  }, ({ props }) => {
    if (isHidden(props["defaultTags"])) return [];
    const tags = (parsed(props["defaultTags"]) as { tags?: unknown } | undefined)?.tags;
    return isGiven(tags) && (isHidden(tags) || Object.keys(tags as object).length > 0) ? [] : ["has no defaultTags"];
  }),
  checks([...withVariables], {
    name: "guide-checklist",
    why: "DEBUG shows the inside of the application to its visitors, an open ALLOWED_HOSTS lets links be forged, and an example's SECRET_KEY is known to everybody.",
    mend: "Leave somastack:debug unset, name your hosts in somastack:allowedHosts, and let SECRET_KEY be generated.",
  }, checklistFaults),
  spans({
    name: "one-database-role-each",
    why: "An application that is broken into reaches its own tables alone.",
    mend: "Give each application a database and a role of its own in services/.",
  }, (resources) => {
    const users = new Map<string, Set<string>>();
    for (const resource of ofType(resources, ...withVariables)) {
      for (const { owner, name, value } of [...variables(resource), ...dockerVariables(resource)]) {
        if (!/(^|_)(DB_USER|POSTGRES_USER|PGUSER)$/.test(name) || listed(value).length === 0) continue;
        users.set(value, (users.get(value) ?? new Set()).add(owner));
      }
    }
    const shared = users.get("postgres");
    return shared === undefined ? [] : [...shared].filter((owner) => !/^(postgres|roles)/.test(owner)).map((owner) => ({ fault: `${owner} uses the administrator of the database` }));
  }),
];
