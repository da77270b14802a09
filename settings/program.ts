import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "dotenv";
import { z } from "zod";

import { unset } from "./declarations";
import type { Sources } from "./sources";

const namespace = "somastack:";

/**
 * The raw settings as a running Pulumi program has them: stack configuration with its secrets opened, environment, `.env`.
 *
 * @param config all configuration of the run, by full key
 * @param environment of the process; Pulumi names the secret keys in it
 */
export function programSources(config: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv, root: string): Sources {
  const own = Object.entries(config).filter(([key, text]) => key.startsWith(namespace) && text !== unset);
  const secretKeys = z.array(z.string()).parse(JSON.parse(environment["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]"));
  const file = join(root, ".env");
  return {
    config: Object.fromEntries(own.map(([key, text]) => [key.slice(namespace.length), text])),
    secretKeys: new Set(secretKeys.filter((key) => key.startsWith(namespace)).map((key) => key.slice(namespace.length))),
    environment,
    dotenv: existsSync(file) ? parse(readFileSync(file)) : {},
  };
}
