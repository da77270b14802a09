import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../toolchain/paths";
import { succeed } from "../support";
import { ec2Prefix } from "./leftovers";

interface Composed {
  readonly services: Readonly<Record<string, { readonly image: string }>>;
}

/** Images of this machine by service, as LOCAL's Compose file names them. */
export type LocalImages = (service: string) => string;

/**
 * Finds the images of services and jobs, and builds those of ours that are absent.
 *
 * @param command words before the arguments of Compose
 */
export async function localImages([program = "docker", ...first]: readonly string[], services: readonly string[]): Promise<LocalImages> {
  const folder = mkdtempSync(join(tmpdir(), `${ec2Prefix}-`));
  const file = join(folder, "local.yml");
  await succeed("render", "compose", "--out", file);
  const compose = async (...args: string[]): Promise<string> =>
    (await execa(program, [...first, "--project-name", `${ec2Prefix}-images`, "--project-directory", projectRoot, "--file", file, ...args], { stdin: "ignore" })).stdout;
  const composed = JSON.parse(await compose("config", "--format", "json")) as Composed;
  // Helpers of an instance run the image of the combined health.
  const imageOf = (service: string): string => composed.services[service]?.image ?? composed.services["health"]?.image ?? "";
  const named = new Map(services.map((service) => [imageOf(service), service in composed.services ? service : "health"]));
  for (const [image, service] of named) {
    const { exitCode } = await execa("docker", ["image", "inspect", image], { reject: false, stdin: "ignore" });
    if (exitCode !== 0) await compose("build", service);
  }
  rmSync(folder, { recursive: true });
  return imageOf;
}
