import { execa } from "execa";
import { buildGo } from "./go-build";
import type { GoProgram } from "./go-programs";
import type { Report } from "./report";
import { atLeast } from "./versions";

/** The oldest Docker Compose that reads the rendered file: `configs` with `content`. */
const minimum = "2.24.0";
/** What is built where no Compose is found; the version pinned in `toolchain/go/compose`. */
const program: GoProgram = {
  name: "docker-compose",
  version: "2.40.3",
  module: "compose",
  package: "github.com/docker/compose/v2/cmd",
  versionVariable: "github.com/docker/compose/v2/internal.Version",
};

/** A Docker Compose that is new enough. */
export interface Compose {
  /** The words before the arguments: `docker compose`, or one program. */
  readonly command: string[];
  readonly version: string;
  readonly source: "present" | "built";
}

/**
 * Finds Docker Compose 2.24 or newer, as plugin or as program of its own, or builds it from Go modules.
 *
 * @throws ToolchainError when none is found and the build fails
 */
export async function ensureCompose(report: Report): Promise<Compose> {
  for (const command of [["docker", "compose"], ["docker-compose"]]) {
    const version = await composeVersion(command);
    if (version !== undefined) return { command, version, source: "present" };
  }
  const built = await buildGo(program, report);
  return { command: [built], version: program.version, source: "built" };
}

async function composeVersion([client = "", ...first]: string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await execa(client, [...first, "version", "--short"], { reject: false, stdin: "ignore" });
  if (exitCode !== 0) return undefined;
  const version = stdout.trim().replace(/^v/, "");
  return atLeast(version, minimum) ? version : undefined;
}
