import type { Command } from "commander";
import { complain, say } from "../output";
import { setUpPulumi } from "../setup";
import { withStack } from "./options";

const shown = ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_HOME", "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "PATH"];

/** Adds the command `env`. */
export function registerEnv(program: Command): void {
  withStack(program.command("env"))
    .description('print the exports that a plain `pulumi` needs here: eval "$(npm run --silent somastack -- env)"')
    .action(async () => {
      const { environment } = await setUpPulumi(complain);
      for (const name of shown) {
        const value = environment[name];
        if (value !== undefined) say(`export ${name}=${quote(value)}`);
      }
    });
}

/** Quotes a value for a POSIX shell. */
export function quote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
