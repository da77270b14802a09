import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { projectRoot } from "../../toolchain/paths";

/** A resource plugin that the program needs. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
}

const manifest = z.looseObject({ version: z.string() });

/** The plugins of the LOCAL target; each has the version of its npm package, as Pulumi demands. */
export function pluginsOfPackages(): Plugin[] {
  return ["docker", "random"].map((name) => {
    const file = join(projectRoot, "node_modules", "@pulumi", name, "package.json");
    return { name, version: manifest.parse(JSON.parse(readFileSync(file, "utf8"))).version };
  });
}
