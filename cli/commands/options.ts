import { Option, type Command } from "commander";

/** Options that every command of a stack has. */
export interface StackOptions {
  readonly stack: string;
}

/** Adds `--stack`, `dev` by default. */
export function withStack(command: Command): Command {
  return command.addOption(
    new Option("-s, --stack <name>", "stack to work on; its settings are in Pulumi.<name>.yaml").default("dev").argParser((name: string) => name.trim()),
  );
}

/** Adds `--yes`, accepted everywhere so that scripts can say it; nothing asks unless data would be lost. */
export function withYes(command: Command): Command {
  return command.option("-y, --yes", "do not ask for confirmation", false);
}
