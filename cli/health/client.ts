import { z } from "zod";

const answer = z.looseObject({
  status: z.string(),
  services: z.record(z.string(), z.looseObject({ status: z.string(), layer: z.string().optional(), latency_ms: z.number().nullish(), error: z.string().nullish() })),
});

/** State of one service as the combined endpoint sees it. */
export interface ServiceHealth {
  readonly status: string;
  readonly layer?: string;
  readonly latencyMs?: number;
  readonly error?: string;
}

/** The answer of the combined health endpoint. */
export interface Health {
  readonly healthy: boolean;
  readonly services: Readonly<Record<string, ServiceHealth>>;
  /** Names of the services that are not healthy; the endpoint itself when it does not answer. */
  readonly failing: readonly string[];
}

const pollMs = 500;
const answerWithinMs = 10_000;

/** Asks the combined endpoint once. Never throws: no answer means not healthy. */
export async function askHealth(url: string): Promise<Health> {
  try {
    const response = await fetch(url, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(answerWithinMs) });
    return readHealth(response.status, await response.json());
  } catch (error) {
    const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    return { healthy: false, services: {}, failing: [`${url} does not answer (${reason})`] };
  }
}

/** Asks until every service is healthy or the time is over; gives the last answer. */
export async function awaitHealth(url: string, seconds: number): Promise<Health> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const health = await askHealth(url);
    if (health.healthy || Date.now() >= deadline) return health;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Reads the endpoint's JSON; 200 alone means healthy. */
export function readHealth(status: number, body: unknown): Health {
  const parsed = answer.parse(body);
  const services = Object.fromEntries(
    Object.entries(parsed.services).map(([name, { status: state, layer, latency_ms: latency, error }]): [string, ServiceHealth] => [
      name,
      { status: state, ...(layer === undefined ? {} : { layer }), ...(typeof latency === "number" ? { latencyMs: latency } : {}), ...(typeof error === "string" ? { error } : {}) },
    ]),
  );
  const failing = Object.entries(services).filter(([, service]) => service.status !== "healthy").map(([name]) => name);
  return { healthy: status === 200 && failing.length === 0, services, failing };
}
