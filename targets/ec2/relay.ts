import { composeContainer, literal } from "../compose/container";
import { relayPort } from "./entry-ports";

/** A health question that has to carry a host name. */
export interface RelayedQuestion {
  /** The service that is asked. */
  readonly name: string;
  /** Port of the instance on which the answer is given. */
  readonly published: number;
  readonly port: number;
  readonly path: string;
  readonly host: string;
}

/** What a helper takes of an instance. */
export const helperSize = { cpu: 0.1, memoryMib: 96 } as const;

/** User of a helper: it needs no rights of its own. */
export const helperUser = "1000:1000";

/** Asks a service with the host name that it insists on, in place of the load balancer. */
export function relayContainer(image: string, { name, published, port, path, host }: RelayedQuestion, logging: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return composeContainer({
    image: { image },
    command: ["relay"],
    environment: { OPS_CONFIG: literal(JSON.stringify({ port: relayPort, target_host: name, target_port: port, path, host })) },
    user: helperUser,
    configs: [],
    running: {
      hostname: `${name}-relay`,
      ports: [`\${SOMASTACK_ADDRESS:?}:${published}:${relayPort}`],
      volumes: [],
      // Asked for itself alone: that its application is not ready must not make the relay unhealthy.
      health: { command: ["python", "-c", `import socket; socket.create_connection(("127.0.0.1", ${relayPort}), 2)`], intervalSeconds: 10, timeoutSeconds: 4, startPeriodSeconds: 30, retries: 6 },
    },
    after: [],
    size: helperSize,
    readOnly: true,
    tmpfs: [],
    logging,
  });
}
