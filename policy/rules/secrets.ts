import { dockerVariables, variables, withVariables, type Variable } from "../environment";
import { isHidden, secretMark, type PolicyResource } from "../resource";
import { checks, spans, type Rule, type StackFault } from "../rule";
import { at, isGiven } from "../values";

/** Names of variables that hold secrets. Those of files, addresses, times and the like hold none. */
const secretName = /(^|_)(PASSWORD|PASSWD|SECRET|SECRET_KEY|TOKEN|API_KEY|PRIVATE_KEY|FERNET_KEY|CREDENTIALS?|DSN)$/i;
/** Values that are secrets whatever their name: a password in an address, keys of known makers, private keys. */
const secretValues: readonly RegExp[] = [
  /^[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:[^\s:/@]+@/i, /-----BEGIN [A-Z ]*PRIVATE KEY-----/, /\bAKIA[0-9A-Z]{16}\b/, /\bsk-[A-Za-z0-9_-]{20,}\b/, /\bghp_[A-Za-z0-9]{36}\b/,
];
/** Words that stand for a secret that is filled in elsewhere: `${NAME}`, `$(NAME)`, `{{ name }}`. */
const reference = /^\$[({]?\w+[)}]?$|^\{\{.*\}\}$/;

/** What user data says; base64 is how launch templates hold it. */
function userData(value: unknown): string {
  if (typeof value !== "string" || isHidden(value)) return "";
  return /^[A-Za-z0-9+/\s]+=*\s*$/.test(value) && value.length % 4 === 0 ? Buffer.from(value, "base64").toString("utf8") : value;
}

const isSecret = ({ name, value }: Variable): boolean => value !== "" && !reference.test(value) && (secretName.test(name) || secretValues.some((form) => form.test(value)));

/** Assignments in a script: `export NAME=value`, `NAME: value`. Those that read from somewhere begin with `$`. */
function assignments(script: string): Variable[] {
  return [...script.matchAll(/^\s*(?:export\s+)?["']?([A-Z][A-Z0-9_]*)["']?\s*[=:]\s*["']?([^\s"'#]+)/gim)].map(([, name = "", value = ""]) => ({ owner: "user data", name, value }));
}

function userDataFaults({ props }: PolicyResource): string[] {
  const script = userData(props["userDataBase64"] ?? props["userData"]);
  return [
    ...assignments(script).filter(({ name, value }) => !value.startsWith("$") && secretName.test(name)).map(({ name }) => `user data sets ${name} in clear`),
    ...(secretValues.some((form) => script.split(/\s+/).some((word) => form.test(word.replace(/^["']|["']$/g, "")))) ? ["user data holds a secret"] : []),
  ];
}

/** Inputs that are secrets by what they are. */
const secretInputs: Readonly<Record<string, readonly string[]>> = {
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretString", "secretBinary"],
  "aws:rds/instance:Instance": ["password"],
  "aws:rds/cluster:Cluster": ["masterPassword"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["authToken"],
  "kubernetes:core/v1:Secret": ["data", "stringData"],
  "docker:index/container:Container": ["envs"],
};

/** A secret that is no secret output shows itself in state, preview and diff. Only where secrets are masked can it be told. */
function plainSecrets(resources: readonly PolicyResource[]): StackFault[] {
  // Where nothing is masked, whoever tells of the resources shows secrets too: the engine gives them to its policies in clear.
  if (!resources.some(({ props }) => JSON.stringify(props).includes(`"${secretMark}"`))) return [];
  return resources.flatMap((resource) => (secretInputs[resource.type] ?? []).flatMap((key) => {
    const value = resource.props[key];
    if (!isGiven(value) || isHidden(value)) return [];
    const inside = typeof value === "object" && value !== null ? Object.values(value) : [value];
    const open = resource.type.startsWith("docker:") ? dockerVariables(resource).filter(isSecret).length > 0 : inside.some((part) => !isHidden(part));
    return open ? [{ urn: resource.urn, fault: `${key} is no secret output` }] : [];
  }));
}

/** Secrets. */
export const secretRules: readonly Rule[] = [
  checks(withVariables, {
    name: "secrets-not-in-environment",
    why: "Variables are shown by every console and API that describes a task; a reference to a secret is not the secret.",
    mend: "Pass it as a secret of the container: `secrets` of ECS, `secretKeyRef` of Kubernetes, runtimeEnvironmentSecrets of App Runner.",
  }, (resource) => variables(resource).filter(isSecret).map(({ owner, name }) => `${owner} has ${name} in clear`)),
  checks(["aws:ec2/launchTemplate:LaunchTemplate", "aws:ec2/instance:Instance", "aws:ec2/launchConfiguration:LaunchConfiguration"], {
    name: "secrets-not-in-user-data",
    why: "User data is read by every process of the machine and by everybody who may describe it.",
    mend: "Read the secret from Secrets Manager at boot with the machine's role.",
  }, userDataFaults),
  spans({
    name: "secrets-are-outputs",
    why: "State, preview and diff show every input that is not a secret output.",
    mend: "Wrap the value with pulumi.secret, or take it from a secret output.",
  }, plainSecrets),
  checks("kubernetes:core/v1:ConfigMap", {
    name: "secrets-not-in-config-maps",
    why: "ConfigMaps are read by whoever may look at the namespace, and are not encrypted.",
    mend: "Put the file or value into a Secret.",
  }, ({ props }) => Object.entries((at(props, "data") ?? {}) as Record<string, unknown>).filter(([, value]) => typeof value === "string" && secretValues.some((form) => value.split(/\s+/).some((word) => form.test(word)))).map(([key]) => `${key} holds a secret`)),
];
