import type * as aws from "@pulumi/aws";

import type { EntrySpec, ServiceSpec } from "../target";

/** Seconds between two questions. App Runner takes 1 to 20. */
const interval = 10;
/** Failures in a row that App Runner can wait for, at most. */
const mostFailures = 20;

/**
 * App Runner's question to an instance. It cannot send a Host header: of an application that insists on one it can only know that it
 * accepts connections. It knows no start period either: the failures of the start are among those that it bears.
 */
export function healthCheck(entry: EntrySpec, { startPeriodSeconds, retries }: ServiceSpec["health"]): aws.types.input.apprunner.ServiceHealthCheckConfiguration {
  const common = { interval, timeout: 5, healthyThreshold: 1, unhealthyThreshold: Math.min(Math.ceil(startPeriodSeconds / interval) + retries, mostFailures) };
  return entry.health.host === undefined ? { protocol: "HTTP", path: entry.health.path, ...common } : { protocol: "TCP", ...common };
}
