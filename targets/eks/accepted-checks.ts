import type { ServiceSpec, WorkloadSpec } from "../target";
import { KubernetesImage } from "./image";
import { userOf } from "./users";

/** Lowest user that collides with none of a node's, as checkov sees it. */
const highUser = 10_000;

/**
 * Annotations that tell checkov which of its checks a workload does not pass, and why: the object itself holds the reason, and another
 * workload that does not pass is still found.
 */
export function acceptedChecks(spec: WorkloadSpec & Partial<Pick<ServiceSpec, "ports" | "liveness">>): Record<string, string> {
  const image = KubernetesImage.of(spec.image);
  const byDigest = typeof image.reference !== "string" || image.reference.includes("@sha256:");
  const accepted: readonly (readonly [boolean, string, string])[] = [
    [true, "CKV_K8S_15", "IfNotPresent: a tag that moves is refused in production, and asking again would tie every restart to the registry"],
    [!byDigest, "CKV_K8S_43", "the reference is the user's or the catalog's version; on AWS every image runs by its digest"],
    [Object.keys(spec.secrets).length > 0, "CKV_K8S_35", "the applications read their secrets from the environment alone"],
    [userOf(spec.user, image.user).uid < highUser, "CKV_K8S_40", "the image is made for this user, whom its files belong to"],
    [!spec.readOnlyRoot, "CKV_K8S_22", "the image writes beside its folders"],
    [spec.ports?.length === 0 && spec.liveness === undefined, "CKV_K8S_8", "a process without a port has no question that tells its life from its dependencies"],
  ];
  const holding = accepted.filter(([holds]) => holds).map(([, check, reason]) => `${check}=${reason}`);
  return Object.fromEntries(holding.map((text, index) => [`checkov.io/skip${index + 1}`, text]));
}
