import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ensureCompose } from "../../toolchain/engine";
import { projectRoot } from "../../toolchain/paths";
import { configure, deployMs, eventually, health, somastack, succeed } from "./support";

describe("docker compose", function () {
  this.timeout(deployMs);
  const folder = mkdtempSync(join(tmpdir(), "somastack-compose-"));
  const file = join(folder, "docker-compose.yml");
  let command: string[] = [];

  const compose = async (...args: string[]): Promise<void> => {
    const [program = "docker", ...first] = command;
    await execa(program, [...first, "--project-name", "somastack-e2e", "--project-directory", projectRoot, "--file", file, ...args], { stdin: "ignore" });
  };

  before(async () => {
    configure();
    await somastack("down", "--volumes", "--yes");
    await succeed("setup");
    ({ command } = await ensureCompose(() => undefined));
  });

  after(async () => {
    await compose("down", "--volumes", "--timeout", "5");
    rmSync(folder, { recursive: true });
  });

  it("brings the rendered file up, healthy", async () => {
    await succeed("render", "compose", "--out", file);
    await compose("up", "--detach", "--wait");
    assert.equal((await eventually(health, ({ status }) => status === 200, 120)).status, 200);
  });
});
