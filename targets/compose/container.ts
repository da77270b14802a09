import type { HealthCheck, Size } from "../../services/types";
import { tmpfsMounts } from "../docker/hardening";

/** A container of a Compose file: what differs between documents comes from outside, all else is the same everywhere. */
export interface ComposeContainer {
  /** `image`, and `build` where the document builds it. */
  readonly image: Readonly<Record<string, unknown>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** As Compose reads it: dollars of values are doubled, those of references are not. */
  readonly environment: Readonly<Record<string, string>>;
  readonly user?: string;
  /** Name of a config to the path of its file. */
  readonly configs: readonly { readonly source: string; readonly target: string }[];
  /** Of a long-running service; absent for a task that runs to its end. */
  readonly running?: {
    readonly hostname: string;
    readonly ports: readonly string[];
    readonly networks?: Readonly<Record<string, unknown>>;
    readonly volumes: readonly string[];
    readonly health: HealthCheck;
  };
  /** Names of others, and whether each runs to its end. */
  readonly after: readonly { readonly name: string; readonly ends: boolean }[];
  readonly size: Size;
  readonly readOnly: boolean;
  readonly tmpfs: readonly string[];
  readonly logging: Readonly<Record<string, unknown>>;
}

/** The container as a Compose file has it: health, limits without swap, no capabilities, no new privileges. */
export function composeContainer({ image, entrypoint, command, environment, user, configs, running, after, size, readOnly, tmpfs, logging }: ComposeContainer): Readonly<Record<string, unknown>> {
  return {
    ...image,
    ...(entrypoint === undefined ? {} : { entrypoint: entrypoint.map(literal) }),
    ...(command === undefined ? {} : { command: command.map(literal) }),
    environment,
    ...(user === undefined ? {} : { user }),
    ...(configs.length === 0 ? {} : { configs }),
    ...(running === undefined ? { restart: "no" } : runningPart(running)),
    ...(after.length === 0 ? {} : { depends_on: Object.fromEntries(after.map(({ name, ends }) => [name, { condition: ends ? "service_completed_successfully" : "service_healthy" }])) }),
    deploy: { resources: { limits: { cpus: String(size.cpu), memory: `${size.memoryMib}M` } } },
    memswap_limit: `${size.memoryMib}M`,
    read_only: readOnly,
    ...(tmpfs.length === 0 ? {} : { tmpfs: Object.entries(tmpfsMounts(tmpfs)).map(([path, options]) => `${path}:${options}`) }),
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    logging,
  };
}

function runningPart({ hostname, ports, networks, volumes, health }: NonNullable<ComposeContainer["running"]>): object {
  return {
    hostname,
    restart: "unless-stopped",
    ...(ports.length === 0 ? {} : { ports }),
    ...(networks === undefined ? {} : { networks }),
    ...(volumes.length === 0 ? {} : { volumes }),
    healthcheck: {
      test: ["CMD", ...health.command.map(literal)],
      interval: `${health.intervalSeconds}s`,
      timeout: `${health.timeoutSeconds}s`,
      start_period: `${health.startPeriodSeconds}s`,
      retries: health.retries,
    },
  };
}

/** Text that Compose must not interpolate. */
export function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}
