import { failed, ok, warning, type Check } from "./check";

/** Free disk that a full set of images, volumes and builds may take, GB. */
const wantedDiskGb = 50;
/** Below this not even the small stack fits, GB. */
const leastDiskGb = 5;

const gib = (mib: number): string => `${(mib / 1024).toFixed(1)} GiB`;

/**
 * The hard memory limits of all containers against the budget of the stack.
 *
 * @param limits MiB by service
 * @param budgetGib `somastack:memoryBudgetGib`
 */
export function checkBudget(limits: Readonly<Record<string, number>>, totalMib: number, budgetGib: number): Check {
  const name = "Memory budget";
  if (totalMib <= budgetGib * 1024) return ok(name, `limits sum up to ${gib(totalMib)} of ${budgetGib} GiB`);
  const largest = Object.entries(limits)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([service, mib]) => `${service} ${mib} MiB`)
    .join(", ");
  return failed(
    name,
    `limits sum up to ${gib(totalMib)}, ${gib(totalMib - budgetGib * 1024)} more than the budget of ${budgetGib} GiB (largest: ${largest})`,
    `Deploy less (somastack:softwareMode, somastack:observability), or raise somastack:memoryBudgetGib to ${Math.ceil(totalMib / 1024)}`,
  );
}

/** The memory of the host against the limits: limits are no reservations, so only half of them missing is fatal. */
export function checkMemory(totalMib: number, hostMib: number): Check {
  const name = "Host memory";
  const detail = `${gib(hostMib)} for limits of ${gib(totalMib)}`;
  const mend = "Give the host more memory, or deploy less (somastack:softwareMode, somastack:observability)";
  if (hostMib >= totalMib) return ok(name, detail);
  return hostMib * 2 >= totalMib ? warning(name, detail, mend) : failed(name, detail, mend);
}

/** Free disk where the engine keeps images and volumes. */
export function checkDisk(freeBytes: number, folder: string): Check {
  const name = "Free disk";
  const free = freeBytes / 1e9;
  const detail = `${free.toFixed(0)} GB free in ${folder}, ${wantedDiskGb} GB wanted`;
  const mend = `Free space below ${folder}, for example with docker system prune`;
  if (free >= wantedDiskGb) return ok(name, detail);
  return free >= leastDiskGb ? warning(name, detail, mend) : failed(name, `${free.toFixed(1)} GB free in ${folder}, at least ${leastDiskGb} GB needed`, mend);
}

/** Docker 24 is wanted, 20.10 tolerated. `undefined`: no engine answers, which `up` mends by itself where it can. */
export function checkEngine(version: string | undefined): Check {
  const name = "Docker engine";
  if (version === undefined) return warning(name, "no engine answers", "`up` starts or installs one as root on Debian; elsewhere install Docker 24 or newer and start it");
  const [major, minor] = version.split(".").map((part) => Number.parseInt(part, 10));
  if (major === undefined || Number.isNaN(major)) return warning(name, `version ${JSON.stringify(version)} is not understood`, "Use Docker 24 or newer");
  if (major >= 24) return ok(name, `version ${version}`);
  const mend = "Upgrade to Docker 24 or newer";
  return major > 20 || (major === 20 && (minor ?? 0) >= 10)
    ? warning(name, `version ${version} works but is older than 24`, mend)
    : failed(name, `version ${version} is older than 20.10`, mend);
}
