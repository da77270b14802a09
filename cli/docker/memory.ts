import type Docker from "dockerode";

/** Memory of a container, bytes. */
export interface MemoryUse {
  readonly used: number;
  readonly limit: number;
}

interface Stats {
  readonly memory_stats?: { readonly usage?: number; readonly limit?: number; readonly stats?: Readonly<Record<string, number>> };
}

/** Memory in use without the page cache, as `docker stats` counts it; undefined for a container that does not run. */
export async function memoryUse(docker: Docker, id: string): Promise<MemoryUse | undefined> {
  try {
    // one-shot: without it the engine waits a second for the cpu figure that nobody asked for.
    return memoryOf((await docker.getContainer(id).stats({ stream: false, "one-shot": true })) as Stats);
  } catch {
    return undefined;
  }
}

/** The figures of the engine's answer, for both generations of cgroups. */
export function memoryOf({ memory_stats: memory }: Stats): MemoryUse | undefined {
  if (memory?.usage === undefined || memory.limit === undefined) return undefined;
  const cache = memory.stats?.["total_inactive_file"] ?? memory.stats?.["inactive_file"] ?? 0;
  return { used: Math.max(0, memory.usage - cache), limit: memory.limit };
}
