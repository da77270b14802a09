import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { execa } from "execa";
import { parse, stringify } from "yaml";

import type { Pulumi } from "../../cli/pulumi/run";
import { setUpPulumi } from "../../cli/setup";
import { projectRoot } from "../../toolchain/paths";

/** How a run of the real Pulumi command ended. */
export interface PulumiResult {
  readonly code: number;
  readonly stdout: string;
  /** stdout and stderr, in order. */
  readonly output: string;
}

/** A stack in a backend of its own, in a folder that goes with it. */
export class EngineStack {
  readonly folder = mkdtempSync(join(tmpdir(), "somastack-engine-"));
  private readonly configFile = join(this.folder, "Pulumi.engine.yaml");

  private constructor(
    private readonly pulumi: Pulumi,
    /** Folder of the program's Pulumi.yaml. */
    private readonly program: string,
    /** Further variables of every run. */
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** Creates the stack `engine` of the program in a folder. */
  static async create(program: string = projectRoot, environment: Readonly<Record<string, string>> = {}): Promise<EngineStack> {
    const stack = new EngineStack(await setUpPulumi(() => undefined), program, environment);
    mkdirSync(join(stack.folder, "state"));
    // `stack init` writes beside a Pulumi.yaml: a copy keeps the project's folder clean.
    const { name } = parse(readFileSync(join(program, "Pulumi.yaml"), "utf8")) as { name: string };
    writeFileSync(join(stack.folder, "Pulumi.yaml"), stringify({ name, runtime: "nodejs" }));
    const { code, output } = await stack.execute(stack.folder, ["stack", "init", "engine", "--no-select"]);
    if (code !== 0) throw new Error(output);
    return stack;
  }

  /** Sets the whole configuration; secrets stay possible, since the stack's salt is kept. */
  configure(config: Readonly<Record<string, unknown>>): void {
    const salt = parse(readFileSync(join(this.folder, "Pulumi.engine.yaml"), "utf8")) as { encryptionsalt: string };
    writeFileSync(this.configFile, stringify({ encryptionsalt: salt.encryptionsalt, config }));
  }

  /** Runs `pulumi COMMAND` on the stack with its configuration. */
  run(command: string, ...args: string[]): Promise<PulumiResult> {
    return this.execute(this.program, [command, ...args, "--stack", "engine", "--config-file", this.configFile, "--non-interactive", "--color", "never"]);
  }

  /** The state as the backend holds it. */
  async state(): Promise<string> {
    return (await this.execute(this.program, ["stack", "export", "--stack", "engine"])).stdout;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }

  private async execute(cwd: string, args: string[]): Promise<PulumiResult> {
    const { PATH, ...others } = this.environment;
    const path = [PATH, this.pulumi.environment["PATH"] ?? process.env["PATH"]].filter((part) => part !== undefined).join(delimiter);
    const env = { ...this.pulumi.environment, ...others, PATH: path, PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`, PULUMI_CONFIG_PASSPHRASE: "engine", PULUMI_CONFIG_PASSPHRASE_FILE: "" };
    const { exitCode, stdout, all } = await execa(this.pulumi.bin, args, { cwd, env, all: true, reject: false, stdin: "ignore" });
    return { code: exitCode ?? -1, stdout, output: all };
  }
}
