import { readSources } from "../settings/files";
import { loadSettings, type Settings } from "../settings/load";
import { projectRoot } from "../toolchain/paths";

/** What a look at another target needs and the stack does not say: stand-ins that nobody owns. */
const standIns = (stack: string): Readonly<Record<string, string>> => ({ domain: `${stack}.somastack.example`, hostedZoneId: "Z0123456789EXAMPLE" });

/**
 * The settings of a stack as they would be on a target, for commands that only look. Where the stack names no domain, an example
 * takes its place and a warning says so.
 *
 * @throws ConfigurationError with every fault at once.
 */
export function planSettings(stack: string, target: string | undefined, accept: readonly string[]): Settings {
  const sources = readSources(stack, projectRoot, process.env);
  const config: Record<string, string> = { ...sources.config };
  if (target !== undefined) config["deploymentTarget"] = target;
  if (accept.length > 0) config["accept"] = [...(config["accept"] ?? "").split(","), ...accept].filter((code) => code !== "").join(",");
  const elsewhere = target !== undefined && target !== "LOCAL" && target !== sources.config["deploymentTarget"];
  const filled = elsewhere ? Object.entries(standIns(stack)).filter(([key]) => config[key] === undefined) : [];
  const settings = loadSettings(stack, { ...sources, config: { ...config, ...Object.fromEntries(filled) } });
  return { ...settings, warnings: [...settings.warnings, ...filled.map(([key, value]) => `somastack:${key} is not set; the plan uses ${value}`)] };
}
