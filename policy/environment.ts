import { isHidden, type PolicyResource } from "./resource";
import { at, list, listed, parsed } from "./values";

/** A variable that a process gets in clear. */
export interface Variable {
  /** The container or resource that has it. */
  readonly owner: string;
  readonly name: string;
  readonly value: string;
}

/** Types of resources with variables, for the rules that read them. */
export const withVariables: readonly string[] = [
  "aws:ecs/taskDefinition:TaskDefinition", "aws:apprunner/service:Service", "aws:lambda/function:Function", "docker:index/container:Container", "kubernetes:core/v1:ConfigMap",
  ...["apps/v1:Deployment", "apps/v1:StatefulSet", "apps/v1:DaemonSet", "batch/v1:Job", "batch/v1:CronJob"].map((kind) => `kubernetes:${kind}`),
];

/**
 * The variables in clear of a resource. Docker's are left out: the engine gives a container all of them in clear, so they are one
 * secret as a whole.
 */
export function variables(resource: PolicyResource): readonly Variable[] {
  const { type, name, props } = resource;
  switch (type) {
    case "aws:ecs/taskDefinition:TaskDefinition":
      return listed(parsed(props["containerDefinitions"])).flatMap((container) => pairs(String(at(container, "name")), list(container, "environment")));
    case "aws:apprunner/service:Service":
      return entries(name, at(props, "sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables"));
    case "aws:lambda/function:Function":
      return entries(name, at(props, "environment.variables"));
    case "kubernetes:core/v1:ConfigMap":
      return entries(name, props["data"]);
    case "docker:index/container:Container":
      return [];
    default: {
      const pod = at(props, type.endsWith(":CronJob") ? "spec.jobTemplate.spec.template.spec" : "spec.template.spec");
      return [...list(pod, "initContainers"), ...list(pod, "containers")].flatMap((container) => pairs(String(at(container, "name")), list(container, "env")));
    }
  }
}

/** The variables of a Docker container, `NAME=VALUE` each; none where they are a secret as a whole. */
export function dockerVariables({ name, props }: PolicyResource): readonly Variable[] {
  return list(props, "envs").filter((line): line is string => typeof line === "string" && !isHidden(line)).map((line) => {
    const cut = line.indexOf("=");
    return { owner: name, name: line.slice(0, cut), value: line.slice(cut + 1) };
  });
}

function pairs(owner: string, found: readonly unknown[]): Variable[] {
  return found.flatMap((pair) => {
    const [name, value] = [at(pair, "name"), at(pair, "value")];
    return typeof value === "string" && !isHidden(value) ? [{ owner, name: String(name), value }] : [];
  });
}

function entries(owner: string, found: unknown): Variable[] {
  if (typeof found !== "object" || found === null) return [];
  return Object.entries(found).flatMap(([name, value]) => (typeof value === "string" && !isHidden(value) ? [{ owner, name, value }] : []));
}
