import { definitionOf, settingKeys, type SettingKey, type SettingValues } from "./definitions";
import { ConfigurationError, type Fault } from "./faults";
import { crossChecks } from "./rules";
import { releasedSettings, type Release } from "./release";
import { findAll, suspiciousVariables, unknownKeys, type Origin, type Sources } from "./sources";

/** The checked input of a stack. */
export interface Settings {
  readonly stack: string;
  readonly values: SettingValues;
  readonly origins: Readonly<Record<SettingKey, Origin>>;
  /** Whether the user named an external service with this key, so that it is not provisioned. */
  isExternal(key: SettingKey): boolean;
  /** The texts that a record of the release keeps. */
  readonly released: Release["settings"];
  /** What an operator should know but need not mend. */
  readonly warnings: readonly string[];
}

/**
 * Reads, types and checks every setting of a stack.
 *
 * @throws ConfigurationError with every fault at once.
 */
export function loadSettings(stack: string, sources: Sources): Settings {
  const faults: Fault[] = unknownKeys(sources);
  const warnings: string[] = suspiciousVariables(sources);
  const values: Record<string, unknown> = {};
  const origins = {} as Record<SettingKey, Origin>;

  for (const key of settingKeys) {
    const definition = definitionOf(key);
    const found = findAll(key, sources);
    // Each source is checked, also one that loses: a wrong value waits there for the day that it wins.
    const parsed = found.map((entry) => ({ entry, result: definition.schema.safeParse(entry.text) }));
    for (const { entry, result } of parsed) {
      if (result.success) continue;
      faults.push({
        key: entry.name,
        value: definition.secret === true ? "[secret]" : entry.text,
        rule: [...new Set(result.error.issues.map((issue) => issueText(issue)))].join("; "),
        mend: `Correct it in ${place(entry.origin, stack)}, for example ${definition.example}`,
      });
    }
    const [winner, ...others] = found;
    for (const other of others) {
      if (winner !== undefined && (winner.sealed === true || other.text !== winner.text)) {
        warnings.push(
          `${winner.name} (${winner.origin}) and ${other.name} (${other.origin}) ${winner.sealed === true ? "are both set" : "disagree"}; ` +
            `${definition.secret === true || winner.sealed === true ? `the value of ${winner.origin}` : JSON.stringify(winner.text)} is used`,
        );
      }
    }
    origins[key] = winner?.origin ?? "default";
    const first = parsed[0];
    if (first === undefined) {
      if (definition.default !== undefined) values[key] = definition.schema.parse(definition.default);
    } else if (first.result.success) {
      values[key] = first.result.data;
    } else if (definition.default !== undefined) {
      // A stand-in so that the rules between settings still find the other faults.
      values[key] = definition.schema.parse(definition.default);
    }
  }

  const typed = values as unknown as SettingValues;
  const isExternal = (key: SettingKey): boolean => {
    const definition = definitionOf(key);
    if (definition.external !== true || origins[key] === "default") return false;
    // The guide's own default, copied into a file, still means "provision it".
    return findAll(key, sources)[0]?.text !== definition.default;
  };
  const settings: Settings = { stack, values: typed, origins, isExternal, released: releasedSettings(sources), warnings };
  faults.push(...crossChecks(settings, sources));
  if (faults.length > 0) throw new ConfigurationError(faults);
  return settings;
}

function place(origin: Origin, stack: string): string {
  return origin === "stack config" ? `Pulumi.${stack}.yaml` : origin === "environment" ? "the environment" : ".env";
}

function issueText(issue: { message: string; path: PropertyKey[] }): string {
  return issue.path.length === 0 ? issue.message : `${issue.path.map(String).join(".")}: ${issue.message}`;
}
