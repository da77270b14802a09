import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { backendDir, passphraseFile, privateFolder } from "./paths";
import { workDir } from "../../toolchain/paths";

type Environment = Readonly<Record<string, string | undefined>>;

/** Makes the local backend's folder and, at the first time, a passphrase that only its owner may read. */
export function ensureBackend(): void {
  privateFolder(workDir);
  privateFolder(backendDir);
  if (!existsSync(passphraseFile)) writeFileSync(passphraseFile, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
}

/** The variables that point a plain `pulumi` at the local backend; a passphrase of the user's own wins over the generated one. */
export function backendVariables(environment: Environment): Record<string, string> {
  const given = environment["PULUMI_CONFIG_PASSPHRASE"] !== undefined || environment["PULUMI_CONFIG_PASSPHRASE_FILE"] !== undefined;
  return { PULUMI_BACKEND_URL: `file://${backendDir}`, ...(given ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile }) };
}
