import type { WorkloadSpec } from "../target";

/** Label of everything that a stack creates; its value is the stack's name. */
export const stackLabel = "com.somastack.stack";
/** Label of a container; its value is the service's or job's name. */
export const serviceLabel = "com.somastack.service";

/**
 * Mounts of in-memory folders: no programs, no devices, 64 MiB. An entry may carry an owner (`/path:uid=70,gid=70`): where the
 * image has the folder already, the engine takes its mode, and a process that is not root could not write.
 */
export function tmpfsMounts(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => {
      const [path = "", owner] = entry.split(":");
      return [path, ["rw,noexec,nosuid,nodev,size=64m", ...(owner === undefined ? [] : [owner])].join(",")];
    }),
  );
}

/** Rotation of container logs: three files of 10 MB. */
export const logOptions: Readonly<Record<string, string>> = { "max-size": "10m", "max-file": "3" };

/** What every container gets: no new privileges, no capabilities, and a root file system as the workload allows. */
export function hardening(spec: WorkloadSpec): { readonly readOnly: boolean; readonly securityOptions: string[]; readonly dropped: string[] } {
  return {
    // Docker refuses to copy files into a read-only root, whatever is mounted there.
    readOnly: spec.readOnlyRoot && spec.files.length === 0,
    securityOptions: ["no-new-privileges:true"],
    dropped: ["ALL"],
  };
}
