import type { SettingValues } from "../settings/definitions";

/** Settings that hold an address, as a URL or as `host:port,...`. */
const addresses = ["dbDsn", "redisUrl", "kafkaBootstrapServers", "keycloakUrl", "spicedbUrl", "opaUrl", "somabrainApiUrl", "somamemoryApiUrl", "lagoApiUrl"] as const;
const standard: Readonly<Record<string, number>> = { "http:": 80, "https:": 443, "postgres:": 5432, "postgresql:": 5432, "redis:": 6379, "rediss:": 6379 };

/** Ports of the services outside that the settings name: those whose host is no in-network name of one word. */
export function externalPorts(values: SettingValues): number[] {
  const found = addresses.flatMap((key) => (values[key] === undefined ? [] : portsOf(values[key])));
  for (const [host, port] of [[values.dbHost, values.dbPort], [values.milvusHost, values.milvusPort], [values.smtpHost, values.smtpPort]] as const) if (isOutside(host)) found.push(port);
  return [...new Set(found)].sort((a, b) => a - b);
}

function portsOf(text: string): number[] {
  if (!text.includes("://")) return text.split(",").flatMap((part) => portsOf(`tcp://${part.trim()}`));
  if (!URL.canParse(text)) return [];
  const { hostname, port, protocol } = new URL(text);
  const number = port === "" ? standard[protocol] : Number(port);
  return number !== undefined && isOutside(hostname) ? [number] : [];
}

/** Names of one word are resolved inside the network. */
function isOutside(host: string | undefined): boolean {
  return host !== undefined && (host.includes(".") || host.includes(":"));
}
