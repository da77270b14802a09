import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { parse, stringify } from "yaml";

import { pluginsFor } from "../../cli/pulumi/plugins";
import { chooseRelease, parseReleases, rollbackMessage } from "../../cli/pulumi/releases";
import { rollbackVariable } from "../../stacks/rollback";
import { projectRoot } from "../../toolchain/paths";
import { ensurePlugins } from "../../toolchain/plugins";
import { ensurePulumi, type PulumiInstallation } from "../../toolchain/pulumi";

/** How a run of the real Pulumi command ended. */
export interface PulumiResult {
  readonly code: number;
  readonly stdout: string;
  /** stdout and stderr, in order. */
  readonly output: string;
  readonly seconds: number;
}

/** The stack `engine` of the program, in a backend of its own, with the real Kubernetes plugin and without any Docker engine. */
export class ClusterStack {
  readonly folder = mkdtempSync(join(tmpdir(), "somastack-kubernetes-"));
  private readonly configFile = join(this.folder, "Pulumi.engine.yaml");

  private variables: Readonly<Record<string, string>> = {};

  private constructor(private readonly pulumi: PulumiInstallation) {}

  /** Creates the stack. */
  static async create(report: (line: string) => void): Promise<ClusterStack> {
    const pulumi = await ensurePulumi(report);
    await ensurePlugins(pulumi, pluginsFor("EKS", true), report);
    const stack = new ClusterStack(pulumi);
    mkdirSync(join(stack.folder, "state"));
    // `stack init` writes beside a Pulumi.yaml: a copy keeps the project's folder clean.
    const { name } = parse(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) as { name: string };
    writeFileSync(join(stack.folder, "Pulumi.yaml"), stringify({ name, runtime: "nodejs" }));
    const { code, output } = await stack.execute(stack.folder, ["stack", "init", "engine", "--no-select"]);
    if (code !== 0) throw new Error(output);
    return stack;
  }

  /** Sets the whole configuration, and the variables of the program. */
  configure(config: Readonly<Record<string, unknown>>, variables: Readonly<Record<string, string>> = {}): void {
    this.variables = variables;
    const { encryptionsalt } = parse(readFileSync(join(this.folder, "Pulumi.engine.yaml"), "utf8")) as { encryptionsalt: string };
    const values = Object.entries(config).map(([key, value]) => [`somastack:${key}`, typeof value === "string" ? value : JSON.stringify(value)]);
    writeFileSync(this.configFile, stringify({ encryptionsalt, config: Object.fromEntries(values) as unknown }));
  }

  /** Runs `pulumi COMMAND` on the stack with its configuration. */
  run(command: string, ...args: string[]): Promise<PulumiResult> {
    return this.execute(projectRoot, [...command.split(" "), ...args, "--stack", "engine", ...(command.startsWith("state") ? [] : ["--config-file", this.configFile]), "--non-interactive", "--color", "never"]);
  }

  /** Updates the stack to its previous release, as the command `rollback` does. */
  async goBack(): Promise<PulumiResult> {
    const read = async (...args: string[]): Promise<unknown> => JSON.parse((await this.execute(this.folder, ["stack", ...args, "--json", "--stack", "engine"])).stdout);
    const file = join(this.folder, "release.json");
    writeFileSync(file, JSON.stringify(chooseRelease("engine", parseReleases("engine", await read("output"), await read("history", "--page-size", "1")))));
    return this.execute(projectRoot, ["up", "--yes", "--skip-preview", "--stack", "engine", "--config-file", this.configFile, "--non-interactive", "--color", "never", "--message", rollbackMessage], { [rollbackVariable]: file });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }

  private async execute(cwd: string, args: string[], variables: Readonly<Record<string, string>> = {}): Promise<PulumiResult> {
    const env = {
      ...this.pulumi.env, PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`, PULUMI_CONFIG_PASSPHRASE: "engine", PULUMI_CONFIG_PASSPHRASE_FILE: "",
      // The Kubernetes plugin leaves a copy of the kubeconfig in the folder of temporary files.
      TMPDIR: this.folder, ...this.variables, ...variables,
    };
    const start = performance.now();
    const { exitCode, stdout, all } = await execa(this.pulumi.bin, args, { cwd, env, all: true, reject: false, stdin: "ignore" });
    return { code: exitCode ?? -1, stdout, output: all, seconds: (performance.now() - start) / 1000 };
  }
}
