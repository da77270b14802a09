import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { projectRoot } from "../../toolchain/paths";
import { ensureVenv } from "../python";

const folder = join(projectRoot, "test", "emulator");

/** A local AWS emulator (ministack), on a free port of 127.0.0.1. Its tasks are processes of this machine; no Docker, no AWS. */
export class Emulator {
  private constructor(
    private readonly process: ChildProcess,
    readonly endpoint: string,
  ) {}

  /** Starts it, installing it at first, and waits until it answers. */
  static async start(): Promise<Emulator> {
    // The SDK is pinned: its advice about later versions is noise here.
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
    const python = await ensureVenv(join(folder, "requirements.txt"));
    const port = await freePort();
    const child = spawn(join(dirname(python), "ministack"), [], {
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: tmpdir(),
        BIND_HOST: "127.0.0.1",
        GATEWAY_PORT: String(port),
        PYTHONPATH: join(folder, "processes"),
        PYTHONDONTWRITEBYTECODE: "1",
        // The double of Docker's client needs no socket, and a real engine must not be found.
        DOCKER_HOST: "unix:///nonexistent/docker.sock",
      },
      stdio: "ignore",
    });
    const emulator = new Emulator(child, `http://127.0.0.1:${port}`);
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if (child.exitCode !== null) break;
      const answer = await fetch(`${emulator.endpoint}/_ministack/health`).catch(() => undefined);
      if (answer?.ok === true) return emulator;
      await pause(200);
    }
    await emulator.stop();
    throw new Error("the AWS emulator does not answer");
  }

  /** Ends it and its tasks. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    this.process.kill("SIGTERM");
    await once(this.process, "exit");
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
