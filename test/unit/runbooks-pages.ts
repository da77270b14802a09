import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { projectRoot } from "../../toolchain/paths";

/** Who executes the commands of a block: a test, the end-to-end tests on a real engine, or a person with an account. */
export type Mark = "test" | "docker" | "account";

/** A fenced block of a page. */
export interface Block {
  /** First line of the block in its page. */
  readonly line: number;
  /** What stands behind the fence: `sh account`, `ts services/name.ts`, `diff`. */
  readonly info: string;
  readonly text: string;
}

/** A runbook. */
export interface Page {
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Folder of the runbooks, relative to the project. */
export const folder = join("docs", "runbooks");

const fence = /^```(.*)\n([\s\S]*?)^```$/gm;

/** Every runbook, by name. */
export function pages(): Page[] {
  return readdirSync(join(projectRoot, folder)).filter((name) => name.endsWith(".md")).sort().map((name) => {
    const text = readFileSync(join(projectRoot, folder, name), "utf8");
    return { name, text, blocks: blocksOf(text) };
  });
}

/** The fenced blocks of a text. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(fence)].map((match) => ({ line: text.slice(0, match.index).split("\n").length + 1, info: match[1] ?? "", text: match[2] ?? "" }));
}

const marks: Readonly<Record<string, Mark>> = { sh: "test", "sh docker": "docker", "sh account": "account" };

/** The mark of a block of commands; undefined for what holds none. */
export function markOf({ info }: Block): Mark | undefined {
  return marks[info];
}

/** Whether the page changes sources: its commands belong to the changed sources, and are run there, in order. */
export function changesSources({ blocks }: Page): boolean {
  return blocks.some(({ info }) => info === "diff" || info.startsWith("ts "));
}

/**
 * The commands of a shell text as words, without redirections, variables set before them and comments. Those inside `$(...)` are
 * commands of their own.
 */
export function commandsOf(text: string): string[][] {
  const lines = text.replace(/\\\n\s*/g, " ").split("\n");
  const inner = [...text.matchAll(/\$\(([^()]*)\)/g)].flatMap((match) => commandsOf(match[1] ?? ""));
  return [...lines.flatMap(commandsOfLine), ...inner];
}

const token = /\s*(?:(#.*)|(&&|\|\||\||;|\d*>{1,2}&?\d?|<)|((?:"(?:\$\([^()]*\)|[^"])*"|'[^']*'|\$\([^()]*\)|[^\s"'|;&<>])+))/gy;

function commandsOfLine(line: string): string[][] {
  const commands: string[][] = [[]];
  let skipped = false;
  for (const [, comment, operator, word] of line.trim().matchAll(token)) {
    if (comment !== undefined) break;
    const current = commands.at(-1) ?? [];
    if (operator !== undefined) {
      if (/[<>]/.test(operator)) skipped = true;
      else commands.push([]);
    } else if (word !== undefined) {
      if (!skipped && !(current.length === 0 && /^[A-Za-z_]\w*=/.test(word))) current.push(word.replace(/["']/g, ""));
      skipped = false;
    }
  }
  return commands.filter((command) => command.length > 0);
}

const short: Readonly<Record<string, readonly string[]>> = { up: ["up"], down: ["down"], somastack: [] };

/** The arguments of `somastack` in a command that calls it through npm; undefined for every other command. */
export function somastackArguments(command: readonly string[]): string[] | undefined {
  const [program, run, ...others] = command.filter((word) => word !== "--silent");
  const [script = "", separator, ...args] = others;
  const first = short[script];
  if (program !== "npm" || run !== "run" || first === undefined || (separator !== undefined && separator !== "--")) return undefined;
  return [...first, ...args];
}
