import type { ImageDecision } from "./image-lock";
import { mirrored } from "./image-reference";

/** Whether an image could be fetched, and if not, why. */
export type Fetched = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** A substitute that can be built from package registries. */
export interface Substitute {
  /** Name of its recipe. */
  readonly name: string;
  /** Tag with the content key of what it is built from now. */
  readonly tag: string;
  /** What it really is, one line. */
  readonly description: string;
}

/** What the decision needs of the world. */
export interface ImageSources {
  /** Whether the engine has the image. */
  present(reference: string): Promise<boolean>;
  pull(reference: string): Promise<Fetched>;
  /** The substitute for a reference, or why there is none. */
  substitute(reference: string): Substitute | { readonly none: string };
  build(substitute: Substitute): Promise<Fetched>;
}

/**
 * Decides how one image is had: an earlier decision that still holds, the engine's own store, the registry, the
 * mirror, the substitute; else it is unavailable, with every reason met on the way.
 *
 * @param previous what was decided before, if anything
 * @param mirror registry that answers instead of the image's own, none by default
 */
export async function decideImage(reference: string, sources: ImageSources, previous?: ImageDecision, mirror?: string): Promise<ImageDecision> {
  if (await sources.present(reference)) {
    const earlier = previous?.image === reference && previous.source !== "unavailable" ? previous : undefined;
    return earlier ?? { image: reference, source: "present" };
  }
  const twin = mirror === undefined ? undefined : mirrored(reference, mirror);
  if (twin !== undefined && (await sources.present(twin))) return { image: twin, source: "mirror" };

  const substitute = sources.substitute(reference);
  const built = (reason?: string): ImageDecision => ({
    image: "tag" in substitute ? substitute.tag : reference,
    source: "built",
    ...("tag" in substitute ? { substitute: substitute.description } : {}),
    ...(reason === undefined ? {} : { reason }),
  });
  if ("tag" in substitute && (await sources.present(substitute.tag))) return built(previous?.reason);

  const pulled = await sources.pull(reference);
  if (pulled.ok) return { image: reference, source: "pull" };
  const reasons = [pulled.reason];
  if (twin !== undefined) {
    const answered = await sources.pull(twin);
    if (answered.ok) return { image: twin, source: "mirror" };
    reasons.push(`mirror: ${answered.reason}`);
  }
  if ("tag" in substitute) {
    const made = await sources.build(substitute);
    if (made.ok) return built(reasons.join("; "));
    reasons.push(`substitute: ${made.reason}`);
  } else reasons.push(substitute.none);
  return { image: reference, source: "unavailable", reason: reasons.join("; ") };
}
