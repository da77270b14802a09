import type { Deployment } from "../services/deployment";
import type { ImageLock } from "../toolchain/images";
import { CommandError } from "./failure";

/** Layers whose services a stack can do without. */
const optional: ReadonlySet<string> = new Set(["observability"]);

/**
 * Stops when an image is not to be had that more than observability needs.
 *
 * @throws CommandError that lists every such image with the reason.
 */
export function refuseMissing(deployment: Pick<Deployment, "images" | "services" | "jobs">, lock: ImageLock): void {
  const missing = Object.entries(deployment.images).flatMap(([name, image]) => {
    const reference = "reference" in image ? image.reference : image.base;
    const decision = reference === undefined ? undefined : lock[reference];
    if (decision?.source !== "unavailable") return [];
    const users = [...deployment.services.filter((service) => service.image === name && !optional.has(service.layer)), ...deployment.jobs.filter((job) => job.image === name)];
    return users.length === 0 ? [] : [`  - ${reference}, needed by ${users.map((user) => user.name).join(", ")}: ${decision.reason ?? "no way led to it"}`];
  });
  if (missing.length === 0) return;
  throw new CommandError(
    [`${missing.length} image${missing.length === 1 ? "" : "s"} cannot be had, nothing was deployed:`, ...missing, "Check the network, or name a registry that serves them with somastack:imageMirror, or other images with somastack:images."].join("\n"),
  );
}
