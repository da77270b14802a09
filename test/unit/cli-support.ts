import type { LiveContainer } from "../../cli/docker/stack";

/** A running, healthy container of the stack dev, changed as a test needs it. */
export function container(changes: Partial<LiveContainer> = {}): LiveContainer {
  return { id: "c1", name: "somastack-dev-redis", service: "redis", running: true, restarting: false, health: "healthy", created: 1000, ports: [], compose: false, stack: "dev", ...changes };
}
