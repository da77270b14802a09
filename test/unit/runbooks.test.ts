import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Command } from "commander";
import { z } from "zod";

import { somastack } from "../../cli/program";
import { projectRoot } from "../../toolchain/paths";
import { commandsOf, folder, markOf, pages, somastackArguments, withoutBlocks, type Page } from "./runbooks-pages";

/** Commands that need neither an engine nor an account. */
const looking = ["plan", "cost", "parity", "diagram", "render"];

/** Whether a command only looks, or writes files of the checkout. */
function looks(command: readonly string[]): boolean {
  const args = somastackArguments(command);
  if (args === undefined) return ["diff", "grep"].includes(command[0] ?? "");
  return looking.includes(args[0] ?? "") || (args[0] === "rotate" && (args.includes("--only") || essence(args) === "rotate"));
}

/** Programs that work on an account or a running stack. */
const onAccounts = ["aws", "curl", "docker", "eval", "export", "git", "kubectl", "pulumi", "sed"];

/** Commands of npm itself. */
const ofNpm = ["install", "outdated", "test"];

const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")));

/** A command with its subcommands that only parses. */
function harmless(command: Command): Command {
  command.action(() => undefined).exitOverride().configureOutput({ writeErr: () => undefined });
  command.commands.forEach(harmless);
  return command;
}

/** @throws CommanderError when `somastack` has no such subcommand, option or value */
async function parse(args: readonly string[]): Promise<void> {
  const program = await somastack(args[0]);
  program.exitOverride().configureOutput({ writeErr: () => undefined });
  program.commands.forEach(harmless);
  await program.parseAsync([...args], { from: "user" });
}

/** What the end-to-end tests run of our own command, without the stack that they add. */
function endToEndCommands(): string[][] {
  const sources = join(projectRoot, "test", "e2e");
  const call = /\b(?:succeed|somastack|start)\(([^()]*)\)/g;
  return readdirSync(sources).filter((name) => name.endsWith(".ts")).flatMap((name) =>
    [...readFileSync(join(sources, name), "utf8").matchAll(call)].map((match) => (match[1] ?? "").split(",").map((word) => word.trim().replace(/^"|"$/g, ""))));
}

/** A command without what differs from run to run: stack, answer, name of a written file. */
const essence = (words: readonly string[]): string => words.filter((word, index) => !["--stack", "-s", "--yes"].includes(word) && !["--stack", "-s", "--out"].includes(words[index - 1] ?? "")).join(" ");

const books: readonly Page[] = pages();

describe("the commands of a runbook", () => {
  it("are read as a shell reads them", () => {
    assert.deepEqual(commandsOf("A=1 npm run up -- --stack prod # now\n# all\naws a \\\n  --b \"c (d)\" > out.json && diff x y | sed 's/;//'\n"), [
      ["npm", "run", "up", "--", "--stack", "prod"], ["aws", "a", "--b", "c (d)"], ["diff", "x", "y"], ["sed", "s/;//"],
    ]);
    assert.deepEqual(commandsOf("id=$(aws x --query \"f(N, 'a')\")\neval \"$(npm run --silent somastack -- env)\""), [
      ["aws", "x", "--query", "f(N, 'a')"], ["npm", "run", "--silent", "somastack", "--", "env"], ["eval", "$(npm run --silent somastack -- env)"],
    ]);
    assert.deepEqual(somastackArguments(["npm", "run", "--silent", "somastack", "--", "env"]), ["env"]);
    assert.deepEqual(somastackArguments(["npm", "run", "up"]), ["up"]);
    assert.equal(somastackArguments(["npm", "run", "up", "--stack", "prod"]), undefined);
  });

  it("that cannot be called are found", async () => {
    for (const args of [["upp"], ["up", "--stacks", "prod"], ["parity", "LOCAL"], ["plan", "--target"], ["render", "nothing"]]) await assert.rejects(parse(args), args.join(" "));
    assert.ok(!looks(["npm", "run", "up"]) && !looks(["npm", "run", "somastack", "--", "rotate", "secret-key"]) && looks(["npm", "run", "somastack", "--", "rotate"]));
  });
});

describe("runbooks", () => {
  it("are each in the table of the first page", () => {
    const index = books.find(({ name }) => name === "README.md");
    for (const { name } of books) if (name !== "README.md") assert.ok(index?.text.includes(`](${name})`), name);
  });

  it("have commands in marked blocks alone", () => {
    for (const { name, text, blocks } of books) {
      for (const block of blocks) assert.ok(markOf(block) !== undefined || /^(diff|text|json|yaml|ts \S+)$/.test(block.info), `${name}:${block.line}: ${block.info === "" ? "a block without a kind" : block.info}`);
      assert.equal((text.match(/^ *```/gm) ?? []).length, blocks.length * 2, `${name}: a block does not end`);
      assert.doesNotMatch(withoutBlocks(text), /^( {4,}|\t)(npm|aws|pulumi|kubectl|docker|git) /m, `${name}: a command outside of a fenced block`);
    }
  });

  it("call our own command as it can be called", async () => {
    for (const { name, blocks } of books) {
      // The others are run: on pages that change sources they can be called after that alone.
      for (const block of blocks.filter((candidate) => ["account", "docker"].includes(markOf(candidate) ?? ""))) {
        for (const command of commandsOf(block.text)) {
          const args = somastackArguments(command);
          if (args !== undefined) await assert.doesNotReject(parse(args), `${name}:${block.line}: somastack ${args.join(" ")}`);
          else if (command[0] === "npm") assert.ok(ofNpm.includes(command[1] ?? "") || (command[1] === "run" && scripts[command[2] ?? ""] !== undefined), `${name}:${block.line}: ${command.join(" ")}`);
        }
      }
    }
  });

  it("need an account for known programs alone", () => {
    for (const { name, blocks } of books) {
      for (const block of blocks.filter((candidate) => markOf(candidate) === "account")) {
        const commands = commandsOf(block.text);
        assert.ok(commands.length > 0, `${name}:${block.line}: no command`);
        for (const [program = ""] of commands) assert.ok(program === "npm" || onAccounts.includes(program), `${name}:${block.line}: ${program}`);
      }
    }
  });

  it("call on Docker what the end-to-end tests run", () => {
    const known = new Set(endToEndCommands().map(essence));
    assert.ok(known.has("up") && known.has("down --volumes"), [...known].join("; "));
    for (const { name, blocks } of books) {
      for (const block of blocks.filter((candidate) => markOf(candidate) === "docker")) {
        for (const command of commandsOf(block.text)) {
          const args = somastackArguments(command);
          // test/e2e/2b-runbooks.test.ts runs those of Docker itself from the pages.
          if (args === undefined) assert.equal(command[0], "docker", `${name}:${block.line}: ${command.join(" ")}`);
          else assert.ok(known.has(essence(args)), `${name}:${block.line}: no end-to-end test runs ${args.join(" ")}`);
        }
      }
    }
  });

  it("have a test run what only looks", () => {
    for (const { name, blocks } of books) {
      for (const block of blocks.filter((candidate) => markOf(candidate) === "test")) {
        const commands = commandsOf(block.text);
        assert.ok(commands.length > 0, `${name}:${block.line}: no command`);
        // test/engine/runbooks.test.ts runs them.
        for (const command of commands) assert.ok(looks(command), `${name}:${block.line}: ${command.join(" ")}`);
      }
    }
  });
});

describe("pages", () => {
  it("link to files that exist, and to headings of theirs", () => {
    const folders = ["", "docs", join("docs", "deployment"), folder, "images"];
    for (const file of folders.flatMap((name) => readdirSync(join(projectRoot, name)).filter((entry) => entry.endsWith(".md")).map((entry) => join(name, entry)))) {
      const text = withoutBlocks(readFileSync(join(projectRoot, file), "utf8"));
      for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path = "", heading] = target.split("#");
        const linked = path === "" ? file : join(dirname(file), path);
        assert.ok(existsSync(join(projectRoot, linked)), `${file} links to ${target}`);
        if (heading !== undefined) assert.ok(headings(readFileSync(join(projectRoot, linked), "utf8")).includes(heading), `${file} links to ${target}`);
      }
    }
  });
});

/** The anchors that GitHub gives the headings of a page. */
function headings(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map((match) => (match[1] ?? "").toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-"));
}
