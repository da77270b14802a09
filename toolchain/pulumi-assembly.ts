import { chmodSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Puts the language host beside the CLI, where Pulumi looks for it first, behind a script that starts it without ts-node: the
 * host predates the project's option `typescript: false`, and the compiler that nothing uses costs half a second a run. A front
 * before the host runs policy packs, which it cannot.
 *
 * @param cli the built CLI; its folder's sibling `*-with-*` receives a link to it
 * @returns path of the CLI to run
 */
export function assembleCli(cli: string, host: string, front: string): string {
  const folder = `${dirname(cli)}-with-${[host, front].map((file) => basename(dirname(file)).slice(-8)).join("-")}`;
  const assembled = join(folder, basename(cli));
  if (existsSync(assembled)) return assembled;
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  // A hard link: a symbolic one would lead Pulumi back to the folder without the host.
  linkSync(cli, join(draft, basename(cli)));
  const script = join(draft, basename(host));
  writeFileSync(script, `#!/bin/sh\nexec ${quoted(front)} ${quoted(host)} -typescript=false "$@"\n`);
  chmodSync(script, 0o755);
  renameSync(draft, folder);
  return assembled;
}

const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;
