import type * as k8s from "@pulumi/kubernetes";

import type { ServiceSpec } from "../target";

/** The three probes of a container. */
export interface Probes {
  readonly startupProbe: k8s.types.input.core.v1.Probe;
  readonly readinessProbe: k8s.types.input.core.v1.Probe;
  readonly livenessProbe?: k8s.types.input.core.v1.Probe;
}

/** Seconds between two liveness questions, for an answer, and failures in a row until the container is started anew. */
const liveness = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 } as const;

/**
 * The catalog's health command decides when a container has started and when it gets traffic. Liveness asks the process itself and
 * none of its dependencies: their failure is no reason to kill it.
 */
export function probesOf(spec: Pick<ServiceSpec, "health" | "liveness" | "ports">): Probes {
  const { command, intervalSeconds, timeoutSeconds, startPeriodSeconds, retries } = spec.health;
  const asked = { exec: { command: [...command] }, periodSeconds: intervalSeconds, timeoutSeconds };
  const live = livenessHandler(spec);
  return {
    startupProbe: { ...asked, failureThreshold: Math.ceil(startPeriodSeconds / intervalSeconds) + retries },
    readinessProbe: { ...asked, failureThreshold: retries },
    ...(live === undefined ? {} : { livenessProbe: { ...live, ...liveness } }),
  };
}

function livenessHandler({ liveness: http, ports }: Pick<ServiceSpec, "liveness" | "ports">): k8s.types.input.core.v1.Probe | undefined {
  if (http !== undefined) {
    const { port, path, host } = http;
    return { httpGet: { port, path, ...(host === undefined ? {} : { httpHeaders: [{ name: "Host", value: host }] }) } };
  }
  const first = ports[0];
  return first === undefined ? undefined : { tcpSocket: { port: first.container } };
}

/** Longest time until a container is ready or has failed, in seconds. */
export function startSeconds({ startPeriodSeconds, retries, intervalSeconds, timeoutSeconds }: ServiceSpec["health"]): number {
  return startPeriodSeconds + retries * (intervalSeconds + timeoutSeconds);
}
