import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { stringify } from "yaml";
import { connect } from "../../cli/docker/client";
import { listContainers, unframe, type LiveContainer } from "../../cli/docker/stack";
import { readHealth, type Health } from "../../cli/health/client";
import { projectRoot } from "../../toolchain/paths";

/** The stack of the tests: its containers and data are its own, its ports are those of every stack. */
export const stack = "e2e";
export const healthUrl = "http://127.0.0.1:8010/health";

const file = join(projectRoot, `Pulumi.${stack}.yaml`);
const bootstrap = join(projectRoot, "toolchain", "bootstrap.mjs");

/** Longest time of a command that sets up and deploys everything, ms. */
export const deployMs = 25 * 60_000;

/** How a command of ours ended. */
export interface CommandResult {
  readonly code: number;
  /** stdout and stderr, in order. */
  readonly output: string;
  readonly seconds: number;
}

/** Writes the configuration of the stack. */
export function configure(settings: Readonly<Record<string, unknown>> = {}): void {
  const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`somastack:${key}`, value]));
  writeFileSync(file, stringify({ config }));
}

/** Removes the configuration of the stack. */
export function unconfigure(): void {
  rmSync(file, { force: true });
}

/** Starts a command of ours, as `npm run somastack` does. */
export function start(...args: string[]) {
  return execa(process.execPath, [bootstrap, ...args, "--stack", stack], { cwd: projectRoot, all: true, reject: false, stdin: "ignore" });
}

/** Runs a command of ours to its end. */
export async function somastack(...args: string[]): Promise<CommandResult> {
  const began = Date.now();
  const { exitCode, all } = await start(...args);
  return { code: exitCode ?? -1, output: all, seconds: (Date.now() - began) / 1000 };
}

/** Runs a command of ours that has to succeed; its output is in the error when it does not. */
export async function succeed(...args: string[]): Promise<CommandResult> {
  const result = await somastack(...args);
  if (result.code !== 0) throw new Error(`somastack ${args.join(" ")} ended with ${result.code}:\n${result.output}`);
  return result;
}

export const docker: Docker = connect(process.env["DOCKER_HOST"] ?? "/var/run/docker.sock");

/** The containers of the stack by service, running ones before others. */
export async function containers(): Promise<Map<string, LiveContainer>> {
  const all = (await listContainers(docker)).filter((container) => container.stack === stack);
  return new Map(all.sort((a, b) => Number(a.running) - Number(b.running)).map((container) => [container.service, container]));
}

/** The container of a service, which has to be there. */
export async function containerOf(service: string): Promise<LiveContainer> {
  const found = (await containers()).get(service);
  if (found === undefined) throw new Error(`no container of the service ${service}`);
  return found;
}

/** Runs a command inside the container of a service and gives its output; a failing command is an error. */
export async function inside(service: string, command: string[], environment: string[] = []): Promise<string> {
  const container = docker.getContainer((await containerOf(service)).id);
  const run = await container.exec({ Cmd: command, Env: environment, AttachStdout: true, AttachStderr: true });
  const stream = await run.start({});
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const output = unframe(Buffer.concat(chunks)).trim();
  const { ExitCode: code } = await run.inspect();
  if (code !== 0) throw new Error(`${command.join(" ")} in ${service} ended with ${code}: ${output}`);
  return output;
}

/** The combined health with its HTTP status; status 0 while nothing answers. */
export async function health(): Promise<Health & { readonly status: number }> {
  try {
    const response = await fetch(healthUrl, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(10_000) });
    return { ...readHealth(response.status, await response.json()), status: response.status };
  } catch {
    return { status: 0, healthy: false, services: {}, failing: [] };
  }
}

/** Asks until the answer is as wished; after the deadline the error shows the last answer. */
export async function eventually<T>(ask: () => Promise<T>, wished: (answer: T) => boolean, seconds: number): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (wished(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`not so within ${seconds} s; last answer: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
