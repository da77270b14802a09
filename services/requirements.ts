import { capabilitiesOf, fittingSize, type Capabilities } from "../settings/capabilities";
import type { Fault } from "../settings/faults";
import type { Deployment } from "./deployment";
import { rotationFaults } from "./rotation";
import { cloudSize, isFront } from "./sizing";
import type { Need, Service } from "./types";

/** A limit of a target that concerns this deployment. */
export interface Mismatch {
  /** Accepts it when `somastack:accept` has it. */
  readonly code: string;
  readonly text: string;
}

const answers: Readonly<Record<Need, "websocket" | "grpc" | "persistentDisk">> = { websocket: "websocket", grpc: "grpc", "persistent-disk": "persistentDisk" };

/** Everything that the target of a deployment cannot give, or that its user must know. */
export function mismatches(deployment: Deployment, target: Capabilities = capabilitiesOf(deployment.settings.values)): Mismatch[] {
  const name = deployment.settings.values.deploymentTarget;
  const running = deployment.services.filter((service) => !deployment.managed.has(service.name));
  return [
    ...target.notices,
    ...running.flatMap((service) => {
      const place = target.front !== undefined && isFront(service) ? { ...target, ...target.front } : target;
      return [...unmetNeeds(service, place, name), ...unmetSize(service, place, name)];
    }),
    ...(deployment.jobs.length > 0 && !target.jobs ? [{ code: "no-jobs", text: `${name} runs no jobs, and the migrations are jobs` }] : []),
    ...(target.privateDns ? [] : [{ code: "no-private-dns", text: `${name} has no in-network names` }]),
  ];
}

function unmetNeeds(service: Service, place: Pick<Capabilities, "websocket" | "grpc" | "persistentDisk">, target: string): Mismatch[] {
  return service.needs.filter((need) => !place[answers[need]]).map((need) => ({ code: `no-${need}`, text: `${target} cannot give ${service.name} what it needs: ${need}` }));
}

function unmetSize(service: Service, place: Pick<Capabilities, "sizes" | "sizing" | "maximumDiskGib">, target: string): Mismatch[] {
  if (place.sizing === "host") return [];
  const wanted = cloudSize(service);
  const disk = place.maximumDiskGib !== undefined && wanted.diskGib > place.maximumDiskGib
    ? [{ code: "disk-too-small", text: `${target} gives ${service.name} at most ${place.maximumDiskGib} GiB of disk, it needs ${wanted.diskGib}` }]
    : [];
  if (fittingSize(wanted, place.sizes) !== undefined) return disk;
  const largest = place.sizes?.at(-1);
  const most = largest === undefined ? "nothing" : `${largest.cpu} vCPU and ${(largest.memoryMib.at(-1) ?? 0) / 1024} GB`;
  return [...disk, { code: "below-minimum-size", text: `${target} gives ${service.name} at most ${most}, below its minimum of ${wanted.cpu} vCPU and ${wanted.memoryMib / 1024} GB` }];
}

/** Mismatches as faults, but those that the user accepts, which are warnings. */
export function checkRequirements(deployment: Deployment): { readonly faults: readonly Fault[]; readonly warnings: readonly string[] } {
  const { accept, deploymentTarget } = deployment.settings.values;
  const accepted = (code: string): boolean => accept.includes("all") || accept.includes(code);
  const found = mismatches(deployment);
  return {
    faults: [...rotationFaults(deployment), ...found.filter(({ code }) => !accepted(code)).map(({ code, text }) => ({
      key: "somastack:deploymentTarget", value: deploymentTarget, rule: text, mend: `Choose another target, or accept the limit: add ${code} to somastack:accept`,
    }))],
    warnings: found.filter(({ code }) => accepted(code)).map(({ code, text }) => `accepted (${code}): ${text}`),
  };
}
