import { isHidden, type PolicyResource } from "../resource";
import { checks, ofType, spans, type Rule } from "../rule";
import { at, atLeast, isFalse, isGiven, isTrue, list, matches } from "../values";

const container = "docker:index/container:Container";
const loopback = ["127.0.0.1", "::1"];
const socket = /(^|\/)docker\.sock$/;

/** A job has an end: nothing asks after its health. */
const runsOn = ({ props }: PolicyResource): boolean => !isFalse(props["mustRun"] ?? true);

/** Memory in MiB of a container without one: none, which another rule tells. */
const memoryOf = ({ props }: PolicyResource): number => (typeof props["memory"] === "number" ? props["memory"] : 0);

/** Docker. */
export const dockerRules: readonly Rule[] = [
  checks(container, {
    name: "docker-loopback",
    why: "A development machine in a foreign network offers nothing to it.",
    mend: "Give every published port the ip 127.0.0.1.",
  }, ({ props }) => [
    ...list(props, "ports").filter((port) => !isHidden(at(port, "ip")) && !loopback.includes(String(at(port, "ip")))).map((port) => `publishes ${String(at(port, "external") ?? at(port, "internal"))} on ${String(at(port, "ip") ?? "every address")}`),
    ...(props["networkMode"] === "host" ? ["uses the network of the machine"] : []),
    ...(isTrue(props["publishAllPorts"]) ? ["publishes every port"] : []),
  ]),
  checks(container, {
    name: "docker-memory-limit",
    why: "A process that wants too much is stopped alone, and does not take the machine with it.",
    mend: "Set memory, in MiB.",
  }, ({ props }) => (isHidden(props["memory"]) || atLeast(6)(props["memory"]) ? [] : ["has no memory limit"])),
  checks(container, {
    name: "docker-no-new-privileges",
    why: "A program that is set-uid root makes nobody root.",
    mend: "Add no-new-privileges:true to securityOpts.",
  }, ({ props }) => (isHidden(props["securityOpts"]) || list(props, "securityOpts").some(matches(/^no-new-privileges(:true)?$/)) ? [] : ["may gain privileges"])),
  checks(container, {
    name: "docker-capabilities",
    why: "The rights of the kernel that a process never uses are there for an intruder alone.",
    mend: "Set capabilities.drops to [\"ALL\"]; add back by name what the image needs.",
  }, ({ props }) => [
    ...(isTrue(props["privileged"]) ? ["is privileged"] : []),
    ...(isHidden(at(props, "capabilities.drops")) || list(props, "capabilities.drops").some(matches(/^(CAP_)?ALL$/)) ? [] : ["keeps the capabilities that Docker gives"]),
    ...list(props, "capabilities.adds").filter(matches(/^(CAP_)?(ALL|SYS_ADMIN|SYS_MODULE|SYS_PTRACE|NET_ADMIN)$/)).map((name) => `adds ${String(name)}`),
  ]),
  checks(container, {
    name: "docker-no-socket",
    why: "Who has the socket of the engine has the machine.",
    mend: "Remove docker.sock; a job runner that needs it gets the level disabled with a reason.",
  }, ({ props }) => [...list(props, "volumes").map((volume) => at(volume, "hostPath")), ...list(props, "mounts").map((mount) => at(mount, "source"))].filter(matches(socket)).map((path) => `holds ${String(path)}`)),
  checks(container, {
    name: "docker-health-check",
    why: "What depends on a service waits until it answers, and not until its process is there.",
    mend: "Set healthcheck.tests to a command that the image contains.",
  }, (resource) => (!runsOn(resource) || isHidden(resource.props["healthcheck"]) || (list(resource.props, "healthcheck.tests").length > 0 && at(resource.props, "healthcheck.tests.0") !== "NONE") ? [] : ["has no health check"])),
  checks(container, {
    name: "docker-image-pinned",
    why: "What was tested is what runs, whatever a tag points to tomorrow.",
    mend: "Name the image by its id or digest, or at least by a version.",
  }, ({ props }) => (isHidden(props["image"]) || !isGiven(props["image"]) || matches(/sha256:[0-9a-f]{64}$|:(?!latest$)[\w][\w.-]*$/)(props["image"]) ? [] : [`has the image ${String(props["image"])} without a version`])),
  spans({
    name: "docker-memory-budget",
    why: "The hard limits together fit the machine, with the largest job beside the services.",
    mend: "Choose a smaller software mode or smaller limits, or raise mebibytes for a larger machine.",
    parameters: { mebibytes: 15 * 1024 },
  }, (resources, { mebibytes = 15 * 1024 }) => {
    const containers = ofType(resources, container);
    const services = containers.filter(runsOn).reduce((sum, one) => sum + memoryOf(one), 0);
    const total = services + Math.max(0, ...containers.filter((one) => !runsOn(one)).map(memoryOf));
    return total <= mebibytes ? [] : [{ fault: `limits sum up to ${total} MiB; the budget is ${mebibytes} MiB` }];
  }),
];
