import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Command } from "commander";
import { z } from "zod";

import { somastack } from "../../cli/program";
import { projectRoot } from "../../toolchain/paths";
import { blocksOf, changesSources, commandsOf, folder, markOf, pages, somastackArguments, type Page } from "./runbooks-pages";
import { Sandbox } from "./sandbox";

/** Commands that look and change nothing but files of the checkout: a test may run them. */
const looking = ["plan", "cost", "parity", "diagram", "render"];

/** Programs that work on an account or a running stack. */
const onAccounts = ["aws", "curl", "docker", "eval", "export", "git", "kubectl", "pulumi", "sed"];

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

describe("runbooks", function () {
  this.timeout(60_000);
  const sandbox = new Sandbox();

  before(() => sandbox.create());
  after(() => sandbox.remove());

  it("are each in the table of the first page", () => {
    const index = books.find(({ name }) => name === "README.md");
    for (const { name } of books) if (name !== "README.md") assert.ok(index?.text.includes(`](${name})`), name);
  });

  it("have commands in marked blocks alone", () => {
    for (const { name, text, blocks } of books) {
      for (const block of blocks) assert.ok(markOf(block) !== undefined || /^(diff|text|json|yaml|ts \S+)$/.test(block.info), `${name}:${block.line}: ${block.info === "" ? "a block without a kind" : block.info}`);
      assert.equal((text.match(/^```/gm) ?? []).length, blocks.length * 2, `${name}: a block does not end`);
      assert.doesNotMatch(text, /^( {4,}|\t)(npm|aws|pulumi|kubectl|docker|git) /m, `${name}: a command in an indented block`);
    }
  });

  it("call our own command as it can be called", async () => {
    for (const { name, blocks } of books) {
      for (const block of blocks.filter((candidate) => markOf(candidate) !== undefined)) {
        for (const command of commandsOf(block.text)) {
          const args = somastackArguments(command);
          if (args !== undefined) await assert.doesNotReject(parse(args), `${name}:${block.line}: somastack ${args.join(" ")}`);
          else if (command[0] === "npm") assert.ok(command[1] === "test" || (command[1] === "run" && scripts[command[2] ?? ""] !== undefined), `${name}:${block.line}: ${command.join(" ")}`);
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

  for (const page of books.filter((candidate) => !changesSources(candidate))) {
    for (const block of page.blocks.filter((candidate) => markOf(candidate) === "test")) {
      it(`${page.name}:${block.line} runs`, async () => {
        const commands = commandsOf(block.text);
        assert.ok(commands.length > 0, "no command");
        for (const command of commands) {
          const [subcommand = "", ...others] = somastackArguments(command) ?? [];
          const harmlessRotation = subcommand === "rotate" && (others.includes("--only") || others.length === 0);
          assert.ok(looking.includes(subcommand) || harmlessRotation, `${command.join(" ")} is not for a test`);
        }
        const { exitCode, all } = await sandbox.run(block.text);
        assert.equal(exitCode, 0, all);
      });
    }
  }
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

function withoutBlocks(text: string): string {
  return blocksOf(text).reduce((rest, block) => rest.replace(block.text, ""), text);
}

/** The anchors that GitHub gives the headings of a page. */
function headings(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map((match) => (match[1] ?? "").toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-"));
}
