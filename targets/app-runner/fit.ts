import type { EntrySpec, ServiceSpec } from "../target";

/** What App Runner and Express Mode have in common: one container of one image, with one port, at which they ask for health. */
export function refuseUnfit(name: string, spec: ServiceSpec, entry: EntrySpec): void {
  const faults = [
    ...(spec.entrypoint === undefined ? [] : ["an entrypoint other than its image's"]),
    // App Runner takes a command as one line and does not tell how it divides it.
    ...((spec.command ?? []).some((part) => /[\s"'\\]/.test(part)) ? ["a command with blanks or quotes in its parts"] : []),
    ...(spec.files.length === 0 ? [] : ["files"]),
    ...(spec.volumes.length === 0 ? [] : ["volumes"]),
    ...(entry.health.port === entry.port ? [] : ["a health question on a port of its own"]),
  ];
  if (faults.length > 0) throw new Error(`${name}: APP_RUNNER runs the front in one container of its image and cannot give it ${faults.join(", ")}`);
}
