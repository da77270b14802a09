import { ConfigurationError, type Fault } from "../../settings/faults";
import { loadSettings, type Settings } from "../../settings/load";
import type { Sources } from "../../settings/sources";

/** Sources with nothing in them but what a test gives. */
export function sources(given: Partial<Sources> = {}): Sources {
  return { config: {}, secretKeys: new Set(), environment: {}, dotenv: {}, ...given };
}

/** The settings of a stack `dev` whose configuration is given. */
export function load(config: Record<string, string> = {}, others: Partial<Sources> = {}): Settings {
  return loadSettings("dev", sources({ config, ...others }));
}

/** The faults of a configuration; none when it is accepted. */
export function faultsOf(config: Record<string, string>, others: Partial<Sources> = {}): readonly Fault[] {
  try {
    load(config, others);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
}

/** A configuration that PROD accepts; its secrets are stored encrypted. */
export const production: Record<string, string> = { deploymentMode: "PROD", allowedHosts: "agent.example.com", openaiApiKey: "sk-abc" };
export const productionSecrets: ReadonlySet<string> = new Set(["openaiApiKey"]);

/** What every target in a cloud needs beside its name. */
export const cloud: Record<string, string> = { domain: "agent.example.com", hostedZoneId: "Z0123456789EXAMPLE" };
