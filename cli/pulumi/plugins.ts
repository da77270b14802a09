import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Settings } from "../../settings/load";
import { projectRoot } from "../../toolchain/paths";

/** A resource plugin that the program needs. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
}

const manifest = z.looseObject({ version: z.string() });

const aws = ["aws", "awsx", "docker-build", "random"];

/** Plugins by target. */
const plugins: Readonly<Record<Settings["values"]["deploymentTarget"], readonly string[]>> = {
  LOCAL: ["docker", "random"],
  FARGATE: aws,
  ECS_EC2: aws,
  EC2: aws,
  APP_RUNNER: aws,
  EKS: [...aws, "eks", "kubernetes"],
};

/** The plugins of EKS on a cluster that is there already: nothing of it is AWS's. */
const onExistingCluster = ["kubernetes", "random"];

/** The plugins of a target; each has the version of its npm package, as Pulumi demands. */
export function pluginsFor(target: Settings["values"]["deploymentTarget"], existingCluster = false): Plugin[] {
  return (target === "EKS" && existingCluster ? onExistingCluster : plugins[target]).map((name) => {
    const file = join(projectRoot, "node_modules", "@pulumi", name, "package.json");
    return { name, version: manifest.parse(JSON.parse(readFileSync(file, "utf8"))).version };
  });
}
