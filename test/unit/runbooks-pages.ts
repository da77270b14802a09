import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { projectRoot } from "../../toolchain/paths";

/** Who executes the commands of a block: a test in a copy of the project, the end-to-end tests on a real engine, or a person with an account. */
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

/** A block may stand in a list, indented. */
const fence = /^( *)```(.*)\n([\s\S]*?)^\1```$/gm;

/** Every runbook, by name. */
export function pages(): Page[] {
  return readdirSync(join(projectRoot, folder)).filter((name) => name.endsWith(".md")).sort().map((name) => {
    const text = readFileSync(join(projectRoot, folder, name), "utf8");
    return { name, text, blocks: blocksOf(text) };
  });
}

/** The fenced blocks of a text. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(fence)].map(({ index, 1: indentation = "", 2: info = "", 3: content = "" }) => ({
    line: text.slice(0, index).split("\n").length + 1,
    info,
    text: content.split("\n").map((line) => line.replace(indentation, "")).join("\n"),
  }));
}

/** A text without its fenced blocks. */
export function withoutBlocks(text: string): string {
  return text.replace(fence, "");
}

const marks: Readonly<Record<string, Mark>> = { sh: "test", "sh docker": "docker", "sh account": "account" };

/** The mark of a block of commands; undefined for what holds none. */
export function markOf({ info }: Block): Mark | undefined {
  return marks[info];
}

/** Where the quotation or substitution that begins at an index ends. */
function endOf(text: string, start: number): number {
  const opening = text[start];
  if (opening === "'" || opening === '"') {
    for (let index = start + 1; index < text.length; index += 1) {
      if (text[index] === opening) return index;
      if (opening === '"' && text.startsWith("$(", index)) index = endOf(text, index + 1);
    }
  }
  for (let index = start + 1, depth = 1; opening === "(" && index < text.length; index += 1) {
    if (text[index] === "'" || text[index] === '"') index = endOf(text, index);
    else if (text[index] === "(") depth += 1;
    else if (text[index] === ")" && --depth === 0) return index;
  }
  throw new Error(`${text.slice(start)} does not end`);
}

/**
 * The commands of a shell text as words, without redirections, comments and variables set before them. Those inside `$(...)` are
 * commands of their own, and come first.
 */
export function commandsOf(text: string): string[][] {
  const script = text.replace(/\\\n\s*/g, " ");
  const found: string[][] = [];
  let words: string[] = [];
  let word = "";
  let redirected = false;
  const endWord = (): void => {
    if (word !== "" && !redirected && !(words.length === 0 && /^[A-Za-z_]\w*=/.test(word))) words.push(word);
    if (word !== "") redirected = false;
    word = "";
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) found.push(words);
    words = [];
  };
  for (let index = 0; index < script.length; index += 1) {
    const character = script[index] ?? "";
    if (character === "'" || character === '"') {
      const end = endOf(script, index);
      const quoted = script.slice(index + 1, end);
      if (character === '"') for (const { index: at } of quoted.matchAll(/\$\(/g)) found.push(...commandsOf(quoted.slice(at + 2, endOf(quoted, at + 1))));
      word += quoted;
      index = end;
    } else if (script.startsWith("$(", index)) {
      const end = endOf(script, index + 1);
      found.push(...commandsOf(script.slice(index + 2, end)));
      word += script.slice(index, end + 1);
      index = end;
    } else if (character === "#" && word === "") {
      index = (script + "\n").indexOf("\n", index) - 1;
    } else if (character === "<" || character === ">") {
      endWord();
      redirected = true;
    } else if ("\n;|&".includes(character)) {
      endCommand();
    } else if (/\s/.test(character)) {
      endWord();
    } else {
      word += character;
    }
  }
  endCommand();
  return found;
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
