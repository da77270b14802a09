/** A container image reference taken apart, with the defaults of `docker pull` filled in. */
export interface Reference {
  /** Host of the registry, `docker.io` when the reference names none. */
  readonly registry: string;
  /** Repository inside the registry; official images of docker.io are under `library/`. */
  readonly repository: string;
  /** `:tag` or `@sha256:...`; `:latest` when the reference has neither. */
  readonly suffix: string;
}

/**
 * Takes an image reference apart as the engine does: `redis:7` is `docker.io`, `library/redis`, `:7`.
 *
 * @throws RangeError when the text is no image reference
 */
export function parseReference(reference: string): Reference {
  const match = /^(?<name>[a-z0-9][a-z0-9._:/-]*?)(?<tag>:[\w][\w.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?$/i.exec(reference);
  const name = match?.groups?.["name"];
  if (name === undefined || /\/\/|[:/]$/.test(name)) {
    throw new RangeError(`"${reference}" is no image reference; write [host/]repository[:tag][@sha256:digest], such as postgres:16-alpine.`);
  }
  const [first = "", ...rest] = name.split("/");
  const hasHost = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  const registry = !hasHost || first === "index.docker.io" ? "docker.io" : first;
  const path = hasHost ? rest.join("/") : name;
  const suffix = match?.groups?.["digest"] ?? match?.groups?.["tag"] ?? ":latest";
  return { registry, repository: registry === "docker.io" && !path.includes("/") ? `library/${path}` : path, suffix };
}

/**
 * The same image at a mirror: `MIRROR/<repository><suffix>`.
 *
 * @param mirror host of the mirror, with a path prefix where it has one; an `http(s)://` in front is dropped
 */
export function mirrored(reference: string, mirror: string): string {
  const { repository, suffix } = parseReference(reference);
  return `${mirror.replace(/^https?:\/\//, "").replace(/\/+$/, "")}/${repository}${suffix}`;
}
