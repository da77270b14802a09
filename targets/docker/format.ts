/** Seconds as the engine writes them back (`1m30s`): any other form of the same time would count as a change after a refresh. */
export function engineDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return `${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${seconds % 60}s`;
}

/** CPUs as the provider reads them back from the engine: `1.0`, `0.5`. */
export function engineCpus(cpus: number): string {
  return Number.isInteger(cpus) ? cpus.toFixed(1) : String(cpus);
}
