import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { execa } from "execa";
import { stringify } from "yaml";

import { table } from "../cli/output";
import { setUpPulumi } from "../cli/setup";
import { projectRoot } from "../toolchain/paths";
import { median, ratio } from "./figures";
import { measure, type Taken } from "./processor";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
const bare = join(projectRoot, "bench", "bare");

/** A pair to compare: ours, and the bare program that registers as many resources. */
interface Pair {
  readonly title: string;
  readonly ours: () => Promise<Taken>;
  readonly theirs: () => Promise<Taken>;
}

const cli = (...args: string[]): string[] => [process.execPath, join(projectRoot, "bin", "cli", "main.js"), ...args];

async function planFile(folder: string, target: string): Promise<string> {
  const file = join(folder, `${target}.json`);
  const [command = "", ...args] = cli("plan", "--target", target, "--accept", "all", "--json", file);
  await execa(command, args, { cwd: projectRoot });
  return file;
}

async function planPair(folder: string, target: string): Promise<Pair> {
  const file = await planFile(folder, target);
  return {
    title: `plan, ${target}`,
    ours: () => measure(cli("plan", "--target", target, "--accept", "all", "--json", join(folder, "again.json")), {}),
    theirs: () => measure([process.execPath, join(projectRoot, "bin", "bench", "bare", "mocked.js")], { SOMASTACK_BENCH_PLAN: file }),
  };
}

/** Two stacks in a backend that goes with the folder; Pulumi previews both on an empty state. */
async function previewPair(folder: string): Promise<Pair> {
  const { bin, environment } = await setUpPulumi(() => undefined);
  mkdirSync(join(folder, "state"));
  const env = { ...environment, PULUMI_BACKEND_URL: `file://${join(folder, "state")}`, PULUMI_CONFIG_PASSPHRASE: "bench", PULUMI_CONFIG_PASSPHRASE_FILE: "", SOMASTACK_BENCH_PLAN: await planFile(folder, "LOCAL") };
  const preview = async (name: string, program: string): Promise<() => Promise<Taken>> => {
    const own = join(folder, name);
    mkdirSync(own);
    writeFileSync(join(own, "Pulumi.yaml"), stringify({ name, runtime: "nodejs" }));
    await execa(bin, ["stack", "init", "bench", "--no-select", "--non-interactive"], { cwd: own, env });
    return () => measure([bin, "preview", "--cwd", program, "--stack", `organization/${name}/bench`, "--config-file", join(own, "Pulumi.bench.yaml"), "--non-interactive"], env);
  };
  return { title: "pulumi preview, LOCAL", ours: await preview("somastack", projectRoot), theirs: await preview("bare", bare) };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "somastack-bench-"));
  try {
    const pairs = [await planPair(folder, "LOCAL"), await planPair(folder, "FARGATE"), await previewPair(folder)];
    const rows: string[][] = [];
    for (const { title, ours, theirs } of pairs) {
      const taken: Record<"ours" | "theirs", Taken[]> = { ours: [], theirs: [] };
      // By turns, so that a busy machine is busy for both.
      for (let round = 0; round < Number(values.rounds); round += 1) {
        taken.theirs.push(await theirs());
        taken.ours.push(await ours());
      }
      for (const unit of ["cpu", "wall"] as const) {
        const [mine, peers] = [taken.ours.map((one) => one[unit]), taken.theirs.map((one) => one[unit])];
        rows.push([`${title}, ${unit === "cpu" ? "processor" : "clock"}`, median(mine).toFixed(2), median(peers).toFixed(2), ratio(mine, peers)]);
      }
    }
    process.stdout.write(`${table([`seconds, median of ${values.rounds}, whole process`, "somastack", "bare program", "ratio"], rows)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
