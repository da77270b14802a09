import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { ensureCompose } from "../toolchain/engine";
import { projectRoot } from "../toolchain/paths";
import { table } from "../cli/output";
import { effectiveConfig } from "../cli/pulumi/config-file";
import { setUpPulumi } from "../cli/setup";
import { median, ratio } from "./figures";

/** Whole-process seconds of each round. */
type Rounds = Record<"firstUp" | "secondUp" | "preview" | "composeUp" | "composeSecondUp", number[]>;

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" }, stack: { type: "string", default: "dev" } } });
const stack = values.stack;

async function seconds(command: string, args: string[], environment: Readonly<Record<string, string>> = {}): Promise<number> {
  const began = performance.now();
  await execa(command, args, { cwd: projectRoot, env: environment, stdin: "ignore" });
  return (performance.now() - began) / 1000;
}

const somastack = (...args: string[]): Promise<number> => seconds(process.execPath, [join("toolchain", "bootstrap.mjs"), ...args, "--stack", stack]);

/** A function that times a preview by the Pulumi command itself. */
async function previewer(): Promise<() => Promise<number>> {
  const { bin, environment } = await setUpPulumi(() => undefined);
  return () => seconds(bin, ["preview", "--stack", stack, "--config-file", effectiveConfig(stack, projectRoot).file, "--non-interactive"], environment);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "somastack-bench-"));
  const file = join(folder, "docker-compose.yml");
  const rounds: Rounds = { firstUp: [], secondUp: [], preview: [], composeUp: [], composeSecondUp: [] };
  try {
    await somastack("setup");
    await somastack("render", "compose", "--out", file);
    const preview = await previewer();
    const { command } = await ensureCompose(() => undefined);
    const [program = "docker", ...first] = command;
    const compose = (...args: string[]): Promise<number> => seconds(program, [...first, "--project-name", "somastack-bench", "--project-directory", projectRoot, "--file", file, ...args]);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      // Both begin with the same images and without any data.
      await somastack("down", "--volumes", "--yes");
      await compose("down", "--volumes");
      rounds.composeUp.push(await compose("up", "--detach", "--wait"));
      rounds.composeSecondUp.push(await compose("up", "--detach", "--wait"));
      await compose("down", "--volumes");
      rounds.firstUp.push(await somastack("up"));
      rounds.secondUp.push(await somastack("up"));
      rounds.preview.push(await preview());
    }
    report(rounds);
  } finally {
    await somastack("down", "--volumes", "--yes");
    rmSync(folder, { recursive: true });
  }
}

function report(rounds: Rounds): void {
  const row = (title: string, ours: number[], theirs: number[]): string[] => [title, median(ours).toFixed(1), theirs.length === 0 ? "-" : median(theirs).toFixed(1), theirs.length === 0 ? "-" : ratio(ours, theirs)];
  process.stdout.write(
    `${table(
      [`median of ${rounds.firstUp.length}, whole process`, "somastack, s", "docker compose, s", "ratio"],
      [row("first up, to all healthy", rounds.firstUp, rounds.composeUp), row("second up, no change", rounds.secondUp, rounds.composeSecondUp), row("preview, no change", rounds.preview, [])],
    )}\n`,
  );
}

void main();
