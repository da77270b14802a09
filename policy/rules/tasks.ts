import { isHidden, type PolicyResource } from "../resource";
import { checks, wants, type Rule } from "../rule";
import { at, atLeast, is, isFalse, isGiven, isTrue, list, listed, matches, parsed } from "../values";

const task = "aws:ecs/taskDefinition:TaskDefinition";
const service = "aws:ecs/service:Service";

/** The containers of a task definition; none while they are not known. */
export function containersOf({ props }: PolicyResource): readonly unknown[] {
  return listed(parsed(props["containerDefinitions"]));
}

const nameOf = (container: unknown): string => String(at(container, "name"));

/** A rule over every container of a task. */
const eachContainer = (fault: (container: unknown) => string | undefined) => (resource: PolicyResource): string[] =>
  containersOf(resource).flatMap((container) => {
    const found = fault(container);
    return found === undefined ? [] : [`container ${nameOf(container)} ${found}`];
  });

const isRoot = (user: unknown): boolean => /^(0|root)(:|$)/.test(String(user));
const behindBalancer = (props: Readonly<Record<string, unknown>>): boolean => list(props, "loadBalancers").length > 0;
/** What writes alone to a disk runs once: never two versions side by side. */
const runsAlone = (props: Readonly<Record<string, unknown>>): boolean => is(100)(props["deploymentMaximumPercent"]) && is(0)(props["deploymentMinimumHealthyPercent"]);

/** ECS. */
export const taskRules: readonly Rule[] = [
  checks(task, {
    name: "ecs-image-digest",
    why: "What was tested is what runs, whatever a tag points to tomorrow.",
    mend: "Name the image as REPOSITORY@sha256:....",
  }, eachContainer((container) => (isHidden(at(container, "image")) || matches(/@sha256:[0-9a-f]{64}$/)(at(container, "image")) ? undefined : `has the image ${String(at(container, "image"))} without a digest`))),
  checks(task, {
    name: "ecs-not-privileged",
    why: "A privileged container is the machine itself.",
    mend: "Remove privileged.",
  }, eachContainer((container) => (isFalse(at(container, "privileged")) ? undefined : "is privileged"))),
  checks(task, {
    name: "ecs-not-root",
    why: "What breaks into a process should not find itself root. A helper without capabilities that ends before the service may.",
    mend: "Set user to a number above 0.",
  }, eachContainer((container) => (isRoot(at(container, "user")) && !isFalse(at(container, "essential") ?? true) ? "runs as root" : undefined))),
  checks(task, {
    name: "ecs-read-only-root",
    why: "What breaks into a process finds nowhere to leave its tools. Some images need to write.",
    mend: "Set readonlyRootFilesystem, with volumes for what has to be written.",
    level: "advisory",
  }, eachContainer((container) => (isTrue(at(container, "readonlyRootFilesystem")) ? undefined : "may write to its root"))),
  checks(task, {
    name: "ecs-capabilities",
    why: "The rights of the kernel that a process never uses are there for an intruder alone.",
    mend: "Set linuxParameters.capabilities.drop to [\"ALL\"].",
  }, eachContainer((container) => (list(container, "linuxParameters.capabilities.drop").includes("ALL") && list(container, "linuxParameters.capabilities.add").length === 0 ? undefined : "keeps capabilities"))),
  checks(task, {
    name: "ecs-logs",
    why: "What a task said before it died stands in its log alone.",
    mend: "Give every container a logConfiguration.",
  }, eachContainer((container) => (isGiven(at(container, "logConfiguration.logDriver")) ? undefined : "has no log"))),
  checks(task, {
    name: "ecs-two-roles",
    why: "The agent that pulls images and reads secrets has other rights than the program it starts.",
    mend: "Give executionRoleArn and taskRoleArn, two roles.",
  }, ({ props }) => {
    const [execution, own] = [props["executionRoleArn"], props["taskRoleArn"]];
    if (isHidden(execution) || isHidden(own)) return [];
    return !isGiven(execution) || !isGiven(own) ? ["lacks its execution role or its task role"] : execution === own ? ["has one role for both purposes"] : [];
  }),
  checks(service, {
    name: "ecs-circuit-breaker",
    why: "A version that does not come up is taken back without a person.",
    mend: "Set deploymentCircuitBreaker: enable and rollback.",
  }, ({ props }) => (["enable", "rollback"].map((key) => at(props, `deploymentCircuitBreaker.${key}`)).every((set) => isHidden(set) || isTrue(set)) ? [] : ["has no circuit breaker with rollback"])),
  checks(service, {
    name: "ecs-blue-green",
    why: "Users change to a new version at once, after it was tested, and back as fast. What may run only once at a time has no second colour.",
    mend: "Set deploymentConfiguration: strategy BLUE_GREEN, bakeTimeInMinutes 1 or more.",
    parameters: { bakeMinutes: 1 },
  }, ({ props }, { bakeMinutes = 1 }) => {
    if (!behindBalancer(props) || runsAlone(props)) return [];
    const { strategy, bakeTimeInMinutes } = (props["deploymentConfiguration"] ?? {}) as Record<string, unknown>;
    if (!["BLUE_GREEN", "LINEAR", "CANARY"].includes(String(strategy))) return [`is behind a load balancer with the strategy ${String(strategy ?? "ROLLING")}`];
    return atLeast(bakeMinutes)(bakeTimeInMinutes) ? [] : [`bakes for ${String(bakeTimeInMinutes ?? 0)} minutes; it must be ${bakeMinutes}`];
  }),
  checks("aws:ecs/cluster:Cluster", {
    name: "ecs-container-insights",
    why: "Alarms on memory and restarts need the numbers of each task.",
    mend: "Set the cluster's setting containerInsights to enabled or enhanced.",
  }, ({ props }) => (isHidden(props["settings"]) || list(props, "settings").some((setting) => at(setting, "name") === "containerInsights" && ["enabled", "enhanced"].includes(String(at(setting, "value")))) ? [] : ["has no Container Insights"])),
  wants(service, {
    name: "ecs-no-shell",
    why: "A shell into production goes around every review; it is opened for an incident and closed again.",
    mend: "Remove enableExecuteCommand.",
    level: "advisory",
  }, [{ path: "enableExecuteCommand", allowed: isFalse, rule: "must be false" }]),
];
