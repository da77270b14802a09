import { dockerVariables, variables, withVariables } from "../environment";
import { isHidden, type PolicyResource } from "../resource";
import { beforeMigrations } from "../migrations";
import { checks, ofType, spans, type Rule } from "../rule";
import { isGiven, parsed } from "../values";

/** Resources with data that nothing brings back. */
const dataTypes = [
  "aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup", "aws:msk/cluster:Cluster", "aws:efs/fileSystem:FileSystem",
  "aws:dynamodb/table:Table", "aws:kms/key:Key", "aws:ebs/volume:Volume", "kubernetes:core/v1:PersistentVolumeClaim", "docker:index/volume:Volume",
];
const bucket = "aws:s3/bucket:Bucket";

/** Objects of the applications are data; the logs of an entrance are not. */
const isData = ({ type, name }: PolicyResource): boolean => dataTypes.includes(type) || (type === bucket && !/(^|-)logs$/.test(name));

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
        if (!/(^|_)(DB_USER|POSTGRES_USER|PGUSER)$/.test(name) || value === "") continue;
        users.set(value, (users.get(value) ?? new Set()).add(owner));
      }
    }
    const shared = users.get("postgres");
    return shared === undefined ? [] : [...shared].filter((owner) => !/^(postgres|roles)/.test(owner)).map((owner) => ({ fault: `${owner} uses the administrator of the database` }));
  }),
];
