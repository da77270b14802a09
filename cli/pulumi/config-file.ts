import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { stackFile } from "../../settings/files";
import { configDir, privateFolder, projectName } from "./paths";

/** Keys beside `config:` that belong to the stack's encryption. */
const encryption = ["encryptionsalt", "secretsprovider", "encryptedkey"] as const;

/** The configuration file that Pulumi is to use for a stack. */
export interface EffectiveConfig {
  /** Absolute path, for `--config-file`. */
  readonly file: string;
  /** The tracked file itself: it has its own encryption. */
  readonly tracked: boolean;
}

/** Where the generated configuration of a stack lies. */
export const generatedFile = (stack: string): string => join(configDir, `Pulumi.${stack}.yaml`);

/**
 * Prepares the effective configuration: the tracked file when it has its own encryption, else a copy of it
 * with the generated salt, so that a run never changes a file under version control.
 */
export function effectiveConfig(stack: string, root: string): EffectiveConfig {
  const tracked = stackFile(stack, root);
  const text = readFileSync(tracked, "utf8");
  if (hasEncryption(text)) return { file: tracked, tracked: true };
  const file = generatedFile(stack);
  privateFolder(configDir);
  writeChanged(join(configDir, "Pulumi.yaml"), `name: ${projectName}\nruntime: nodejs\n`);
  writeChanged(file, withEncryption(text, existsSync(file) ? readFileSync(file, "utf8") : ""));
  return { file, tracked: false };
}

/** Whether a stack file names its own encryption. */
export function hasEncryption(text: string): boolean {
  const { contents } = parseDocument(text);
  return isMap(contents) && encryption.some((key) => contents.has(key));
}

/** The text of the tracked file with the encryption keys of the generated one. */
export function withEncryption(tracked: string, generated: string): string {
  const document = parseDocument(tracked);
  const source = parseDocument(generated);
  if (!isMap(source.contents)) return tracked;
  for (const key of encryption) {
    const value = source.contents.get(key);
    if (value !== undefined) document.set(key, value);
  }
  return document.toString();
}

function writeChanged(file: string, text: string): void {
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text, { mode: 0o600 });
}
