import { stringify } from "yaml";

import { dashboards } from "./dashboards";
import { check, wgetGet } from "./health";
import type { Service } from "./types";

/** Grafana: its data source and a dashboard a layer are provisioned from the catalog. */
export function grafana(deployed: readonly Service[]): Service {
  const provisioning = "/etc/grafana/provisioning";
  const jaeger = deployed.some((service) => service.name === "jaeger");
  return {
    name: "grafana",
    title: "Grafana",
    layer: "observability",
    owner: "Observability",
    image: "grafana",
    ports: [{ name: "http", container: 3000, published: 49100, protocol: "http" }],
    environment: {
      GF_SECURITY_ADMIN_USER: "admin",
      GF_SECURITY_ADMIN_PASSWORD: "{secret.grafana-admin}",
      GF_USERS_ALLOW_SIGN_UP: "false",
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    },
    files: [
      {
        path: `${provisioning}/datasources/somastack.yml`,
        content: stringify({
          apiVersion: 1,
          datasources: [
            { name: "Prometheus", uid: "prometheus", type: "prometheus", access: "proxy", url: "{prometheus.url}", isDefault: true },
            ...(jaeger ? [{ name: "Jaeger", uid: "jaeger", type: "jaeger", access: "proxy", url: "{jaeger.url}" }] : []),
          ],
        }),
      },
      {
        path: `${provisioning}/dashboards/somastack.yml`,
        content: stringify({
          apiVersion: 1,
          providers: [{ name: "somastack", folder: "SomaStack", type: "file", options: { path: `${provisioning}/dashboards/somastack` } }],
        }),
      },
      ...dashboards(deployed).map(({ name, content }) => ({ path: `${provisioning}/dashboards/somastack/${name}`, content })),
    ],
    volumes: [{ name: "grafana", path: "/var/lib/grafana", sizeGib: 1 }],
    readOnlyRoot: true,
    tmpfs: ["/tmp"],
    size: { cpu: 0.5, memoryMib: 256 },
    health: check(wgetGet(3000, "/api/health")),
    probe: { protocol: "http", url: "{grafana.url}/api/health" },
    metrics: { port: 3000, path: "/metrics" },
    page: "/",
    cloud: { cpu: 0.5, memoryMib: 1024, diskGib: 20, replicas: { min: 1, max: 1 } },
    entry: { visibility: "internal", subdomain: "grafana", port: "http", health: { path: "/api/health" } },
    needs: ["persistent-disk"],
    after: ["prometheus"],
  };
}
