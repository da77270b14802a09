import { definitionOf, settingKeys, type SettingKey } from "./definitions";
import type { Fault } from "./faults";
import { nearest } from "./nearest";

/** Where a value comes from, the first that has the key wins. */
export type Origin = "stack config" | "environment" | ".env" | "default";

/** The raw texts of all sources. */
export interface Sources {
  /** Stack configuration without its `somastack:` prefix; objects as JSON text. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys of `config` that are stored as secrets. */
  readonly secretKeys: ReadonlySet<string>;
  /** Keys of `config` whose text is encrypted and not known here: present, but no rule can look at the value. */
  readonly sealedKeys?: ReadonlySet<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Parsed `.env` of the project's folder. */
  readonly dotenv: Readonly<Record<string, string>>;
}

/** A raw value with its origin. */
export interface Found {
  readonly origin: Origin;
  readonly text: string;
  /** The name the user wrote in that source. */
  readonly name: string;
  /** The text is encrypted: a stand-in that obeys the rule of the setting takes its place. */
  readonly sealed?: true;
}

/** Configuration keys that are not settings of their own but belong to the program. */
const ownPrefixes = ["SA01_", "SOMA_", "SOMASTACK_", "SOMABRAIN_", "SOMAMEMORY_"];

/** Every source that has the key, in order of precedence; empty variables count as absent. */
export function findAll(key: SettingKey, sources: Sources): Found[] {
  const { variable, example } = definitionOf(key);
  const found: Found[] = [];
  const config = sources.config[key];
  if (config !== undefined) {
    const name = `somastack:${key}`;
    const sealed = sources.sealedKeys?.has(key) === true;
    found.push(sealed ? { origin: "stack config", text: example, name, sealed } : { origin: "stack config", text: config, name });
  }
  const environment = sources.environment[variable];
  if (environment !== undefined && environment !== "") found.push({ origin: "environment", text: environment, name: variable });
  const dotenv = sources.dotenv[variable];
  if (dotenv !== undefined && dotenv !== "") found.push({ origin: ".env", text: dotenv, name: variable });
  return found;
}

/** Keys that no setting knows: refused in stack configuration and, where they look like ours, in `.env`. */
export function unknownKeys(sources: Sources): Fault[] {
  const variables = settingKeys.map((key) => definitionOf(key).variable);
  const inConfig = Object.keys(sources.config)
    .filter((key) => !(settingKeys as string[]).includes(key))
    .map((key) => unknown(`somastack:${key}`, key, settingKeys, "stack configuration"));
  const inDotenv = Object.keys(sources.dotenv)
    .filter((name) => !variables.includes(name) && looksLikeOurs(name, variables))
    .map((name) => unknown(name, name, variables, ".env"));
  return [...inConfig, ...inDotenv];
}

/** Variables of the environment that look like a misspelt setting; only a warning, since the environment is shared. */
export function suspiciousVariables(sources: Sources): string[] {
  const variables = settingKeys.map((key) => definitionOf(key).variable);
  return Object.keys(sources.environment)
    .filter((name) => name.startsWith("SA01_") && !variables.includes(name))
    .map((name) => {
      const near = nearest(name, variables);
      return `environment variable ${name} is no setting and is ignored${near === undefined ? "" : `; did you mean ${near}?`}`;
    });
}

function looksLikeOurs(name: string, variables: string[]): boolean {
  // Docker Compose reads the same file; these are its own.
  if (name.startsWith("SOMASTACK_COMPOSE_")) return false;
  return ownPrefixes.some((prefix) => name.startsWith(prefix)) || nearest(name, variables) !== undefined;
}

function unknown(shown: string, name: string, known: readonly string[], where: string): Fault {
  const near = nearest(name, known);
  return {
    key: shown,
    rule: `is not a setting`,
    mend: near === undefined ? `Remove it from ${where}; docs/settings.md lists every key` : `Did you mean ${shown.startsWith("somastack:") ? "somastack:" : ""}${near}?`,
  };
}
