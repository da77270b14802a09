import { composeContainer } from "../compose/container";
import { helperSize, helperUser } from "./relay";

/**
 * Containers never reach the instance's own credentials: its metadata answers one hop away only. A service that needs AWS has a role
 * of its own; the instance takes that role on, and a helper gives its short-lived credentials where every SDK of AWS looks for them
 * (SDKs and tools reference guide, "Container credential provider").
 */
const address = "169.254.170.2";

/** Network of the helper and of those who need it; it leads nowhere else. */
export const credentialsNetworkName = "credentials";
export const credentialsNetwork = { internal: true, ipam: { config: [{ subnet: "169.254.170.0/24", gateway: "169.254.170.1" }] } } as const;

/** Tells the SDKs where the credentials of a service are. */
export function credentialsEnvironment(name: string): Readonly<Record<string, string>> {
  return { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: `/${name}.json` };
}

/** Serves the files that the instance's script keeps fresh. */
export function credentialsContainer(image: string, logging: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    // As a container's first process Python ends by SIGINT alone.
    stop_signal: "SIGINT",
    ...composeContainer({
      image: { image },
      entrypoint: ["python", "-m", "http.server"],
      command: ["80", "--directory", "/credentials"],
      environment: {},
      user: helperUser,
      configs: [],
      running: {
        hostname: "credentials",
        ports: [],
        networks: { [credentialsNetworkName]: { ipv4_address: address } },
        volumes: ["/run/somastack/credentials:/credentials:ro"],
        health: { command: ["python", "-c", 'import urllib.request as r; r.urlopen("http://127.0.0.1:80/", timeout=4)'], intervalSeconds: 5, timeoutSeconds: 4, startPeriodSeconds: 30, retries: 6 },
      },
      after: [],
      size: helperSize,
      readOnly: true,
      tmpfs: [],
      logging,
    }),
  };
}
