import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse as parseDotenv } from "dotenv";
import { parseDocument } from "yaml";
import { ConfigurationError, type Fault } from "./faults";
import { nearest } from "./nearest";
import type { Sources } from "./sources";

const namespace = "somastack:";

/**
 * Reads the raw settings of a stack as the files of the project hold them, without any Pulumi.
 *
 * @param root folder of `Pulumi.<stack>.yaml` and `.env`
 * @throws ConfigurationError when the stack has no file or the file is no stack configuration.
 */
export function readSources(stack: string, root: string, environment: Sources["environment"]): Sources {
  const dotenvFile = join(root, ".env");
  const dotenv = existsSync(dotenvFile) ? parseDotenv(readFileSync(dotenvFile)) : {};
  return { ...readStackFile(stack, root), environment, dotenv };
}

/** Path of the tracked configuration of a stack. */
export function stackFile(stack: string, root: string): string {
  return join(root, `Pulumi.${stack}.yaml`);
}

/** The stacks that have a configuration file in the project's folder. */
export function knownStacks(root: string): string[] {
  return readdirSync(root)
    .map((name) => /^Pulumi\.([A-Za-z0-9_.-]+)\.yaml$/.exec(name)?.[1])
    // `Pulumi.STACK.deploy.yaml` holds how a stack is delivered.
    .filter((name) => name !== undefined)
    .filter((name) => !name.endsWith(".deploy"))
    .sort();
}

function readStackFile(stack: string, root: string): Pick<Sources, "config" | "secretKeys" | "sealedKeys"> {
  const file = stackFile(stack, root);
  if (!existsSync(file)) throw new ConfigurationError([unknownStack(stack, root)]);
  const document = parseDocument(readFileSync(file, "utf8"));
  const name = `Pulumi.${stack}.yaml`;
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const where = syntax.linePos === undefined ? "" : `:${syntax.linePos[0].line}`;
    throw new ConfigurationError([{ key: `${name}${where}`, rule: `must be YAML (${firstLine(syntax.message)})`, mend: "Correct the line" }]);
  }
  const content: unknown = document.toJS();
  const config = isRecord(content) ? (content["config"] ?? {}) : (content ?? {});
  if (!isRecord(config)) {
    throw new ConfigurationError([{ key: `${name}: config`, value: shown(config), rule: "must be a mapping of keys and values", mend: `Write keys such as ${namespace}deploymentMode: DEV below it` }]);
  }
  return readConfig(config, name);
}

function readConfig(config: Record<string, unknown>, file: string): Pick<Sources, "config" | "secretKeys" | "sealedKeys"> {
  const faults: Fault[] = [];
  const texts: Record<string, string> = {};
  const sealed = new Set<string>();
  for (const [key, value] of Object.entries(config)) {
    if (!key.includes(":")) {
      faults.push({ key: `${file}: ${key}`, rule: `must have a namespace`, mend: `Write ${namespace}${key}` });
    } else if (key.startsWith(namespace)) {
      const name = key.slice(namespace.length);
      if (value === null || value === undefined) {
        faults.push({ key, rule: "must have a value", mend: `Give it one, or remove the line from ${file}` });
      } else {
        if (holdsSecret(value)) sealed.add(name);
        texts[name] = shown(value);
      }
    }
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return { config: texts, secretKeys: sealed, sealedKeys: sealed };
}

/** The text that Pulumi gives a program for a value: scalars as they are, objects and lists as JSON. */
function shown(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Whether Pulumi encrypted the value or a part of it (`secure: ...`). */
function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isRecord(value)) return false;
  return typeof value["secure"] === "string" || Object.values(value).some(holdsSecret);
}

function unknownStack(stack: string, root: string): Fault {
  const stacks = knownStacks(root);
  const near = nearest(stack, stacks);
  const mend = near === undefined ? `Create Pulumi.${stack}.yaml, or` : `Did you mean ${near}? Or`;
  return { key: "--stack", value: stack, rule: `must name a stack with a Pulumi.STACK.yaml here (${stacks.join(", ") || "there is none"})`, mend: `${mend} give another --stack` };
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
