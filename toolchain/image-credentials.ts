import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";

const configuration = z.object({
  auths: z.record(z.string(), z.object({ auth: z.string().optional() })).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});

const helperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/** What an engine is told to log in to a registry. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
}

/**
 * What `docker login` left for a registry, from the client's configuration or its credential helper.
 *
 * @param registry host, such as `ghcr.io`; `docker.io` for Docker's own
 * @returns undefined when nothing is known: then the pull is anonymous
 */
export async function credentialsFor(registry: string, folder: string = process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker")): Promise<Credentials | undefined> {
  const serveraddress = registry === "docker.io" ? "https://index.docker.io/v1/" : registry;
  let known: z.infer<typeof configuration>;
  try {
    known = configuration.parse(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));
  } catch {
    return undefined;
  }
  const helper = known.credHelpers?.[registry] ?? known.credsStore;
  if (helper !== undefined) {
    const answer = await execa(`docker-credential-${helper}`, ["get"], { input: serveraddress, reject: false });
    if (answer.exitCode !== 0) return undefined;
    const { Username: username, Secret: password } = helperAnswer.parse(JSON.parse(answer.stdout));
    return { username, password, serveraddress };
  }
  const encoded = known.auths?.[serveraddress]?.auth;
  if (encoded === undefined) return undefined;
  const [username = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return { username, password: rest.join(":"), serveraddress };
}
