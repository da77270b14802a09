import type Docker from "dockerode";
import { credentialsFor } from "./image-credentials";
import type { Fetched } from "./image-decision";
import { parseReference } from "./image-reference";
import type { Report } from "./report";

/** A registry that says nothing for this long counts as unreachable, ms. */
const silenceLimit = 15_000;
const unreachable = /no such host|connection refused|network is unreachable|no route to host|timeout|timed out|deadline exceeded|name resolution|server misbehaving|certificate|aborted|EOF/i;

/** Whether an error of a pull speaks of the way to the registry, not of the image. */
export function isUnreachable(reason: string): boolean {
  return unreachable.test(reason);
}

/**
 * Pulls images through an engine. The first pull of a registry host tells whether the host can be reached; the others
 * wait for that answer, so that a closed network is asked once a host and not once an image.
 */
export class RegistryPuller {
  private readonly verdicts = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly docker: Docker,
    private readonly report: Report,
  ) {}

  /** Pulls an image; why not is an answer, not an error. */
  async pull(reference: string): Promise<Fetched> {
    const { registry } = parseReference(reference);
    const known = this.verdicts.get(registry);
    if (known !== undefined) {
      const reason = await known;
      return reason === undefined ? this.attempt(reference) : { ok: false, reason };
    }
    let first: (reason: string | undefined) => void = () => undefined;
    this.verdicts.set(registry, new Promise((resolve) => (first = resolve)));
    const fetched = await this.attempt(reference, () => first(undefined));
    first(!fetched.ok && isUnreachable(fetched.reason) ? fetched.reason : undefined);
    return fetched;
  }

  /** @param answered called as soon as the registry has said anything */
  private async attempt(reference: string, answered: () => void = () => undefined): Promise<Fetched> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), silenceLimit);
    try {
      const { repository, registry, suffix } = parseReference(reference);
      const options = { fromImage: `${registry}/${repository}${suffix}`, abortSignal: silence.signal };
      const stream = await this.docker.createImage(await credentialsFor(registry), options);
      await new Promise<void>((resolve, reject) => {
        this.docker.modem.followProgress(
          stream,
          (error) => (error === null ? resolve() : reject(error)),
          (event: { status?: string }) => {
            if (!/^(Pulling from|Pulling fs layer|Downloading|Already exists|Digest)/.test(event.status ?? "")) return;
            clearTimeout(timer);
            answered();
          },
        );
      });
      this.report(`${reference}: pulled`);
      return { ok: true };
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      return { ok: false, reason: silence.signal.aborted ? `${parseReference(reference).registry} is silent (timeout)` : shorten(said) };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The heart of an engine's message: without its status code, its URL and its resolver. */
function shorten(message: string): string {
  return message
    .replace(/^\(HTTP code \d+\) [^-]*- /, "")
    .replace(/^Get "[^"]*": /, "")
    .replace(/ on [\d.:[\]a-f]+:53/i, "")
    .trim();
}
