import { Readable } from "node:stream";

import Docker from "dockerode";
import { pack, type Pack } from "tar-stream";
import { z } from "zod";

/** What the engine needs to know of a job; the same shape as the inputs of the resource. */
export const jobInputs = z.object({
  containerName: z.string(),
  image: z.string(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.array(z.string()),
  files: z.array(z.object({ path: z.string(), content: z.string() })),
  user: z.string().optional(),
  network: z.string(),
  labels: z.record(z.string(), z.string()),
  readOnly: z.boolean(),
  tmpfs: z.record(z.string(), z.string()),
  cpu: z.number(),
  memoryMib: z.number(),
  timeoutSeconds: z.number(),
});

/** Inputs of a job. */
export type JobInputs = z.infer<typeof jobInputs>;

/** Log lines of each stream that an error shows. */
const shownLines = 15;

/** Log lines that are read for it. */
const readLines = 500;

/** The inputs whose change runs a job again. */
const keyed = ["image", "entrypoint", "command", "environment", "files", "network", "containerName"] as const;

/** The names of the inputs that differ and make a job run again. */
export function changedInputs(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] {
  return keyed.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/**
 * Runs a job's container to its end and removes it.
 *
 * @throws Error with the exit code and the last log lines when it ends with another code than 0, or does not end in time.
 */
export async function runJob(inputs: JobInputs, engine: Docker = new Docker()): Promise<{ readonly exitCode: number }> {
  await removeLeftover(engine, inputs.containerName);
  const container = await engine.createContainer(containerOptions(inputs));
  try {
    if (inputs.files.length > 0) await container.putArchive(Readable.from(archive(inputs.files)), { path: "/" });
    // Waiting starts before the container does, so that no end is missed.
    const ended = container.wait({ condition: "next-exit" }) as Promise<{ StatusCode: number }>;
    await container.start();
    const outcome = await within(ended, inputs.timeoutSeconds);
    if (outcome === "timeout" || outcome.StatusCode !== 0) {
      const log = await lastLines(container);
      const reason = outcome === "timeout" ? `did not end within ${inputs.timeoutSeconds} s` : `failed with exit code ${outcome.StatusCode}`;
      throw new Error(`job ${inputs.containerName} ${reason}; it runs again at the next update. Its last log lines:\n${log}`);
    }
    return { exitCode: 0 };
  } finally {
    await container.remove({ force: true, v: true });
  }
}

function containerOptions(inputs: JobInputs): Docker.ContainerCreateOptions {
  const memory = inputs.memoryMib * 1024 * 1024;
  return {
    name: inputs.containerName,
    Image: inputs.image,
    Env: inputs.environment,
    Labels: inputs.labels,
    ...(inputs.entrypoint === undefined ? {} : { Entrypoint: inputs.entrypoint }),
    ...(inputs.command === undefined ? {} : { Cmd: inputs.command }),
    ...(inputs.user === undefined ? {} : { User: inputs.user }),
    HostConfig: {
      NetworkMode: inputs.network,
      Memory: memory,
      MemorySwap: memory,
      NanoCpus: Math.round(inputs.cpu * 1e9),
      ReadonlyRootfs: inputs.readOnly,
      Tmpfs: inputs.tmpfs,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
    },
  };
}

/** A killed update leaves its container; it is removed, whatever it is doing, and the job runs from the start. */
async function removeLeftover(engine: Docker, name: string): Promise<void> {
  try {
    await engine.getContainer(name).remove({ force: true, v: true });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}

function archive(files: JobInputs["files"]): Pack {
  const tar = pack();
  for (const file of files) tar.entry({ name: file.path.replace(/^\//, ""), mode: 0o644 }, file.content);
  tar.finalize();
  return tar;
}

async function within<T>(promise: Promise<T>, seconds: number): Promise<T | "timeout"> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<"timeout">((resolve) => {
    timer = setTimeout(() => resolve("timeout"), seconds * 1000);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The last lines of both streams, errors last: output that was held back until the end must not push them out. */
async function lastLines(container: Docker.Container): Promise<string> {
  const { output, errors } = demultiplex(await container.logs({ stdout: true, stderr: true, tail: readLines, follow: false }));
  return [...lastOf(output), ...lastOf(errors)].map((line) => `  | ${line}`).join("\n");
}

function lastOf(text: string): string[] {
  return text.trim() === "" ? [] : text.trimEnd().split("\n").slice(-shownLines);
}

/** Docker frames log output: 8 bytes of header (stream, length) before each piece. */
export function demultiplex(raw: Buffer): { readonly output: string; readonly errors: string } {
  const pieces: { output: Buffer[]; errors: Buffer[] } = { output: [], errors: [] };
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4);
    (raw[at] === 2 ? pieces.errors : pieces.output).push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return { output: Buffer.concat(pieces.output).toString("utf8"), errors: Buffer.concat(pieces.errors).toString("utf8") };
}
