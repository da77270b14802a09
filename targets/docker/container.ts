import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

import type { ServiceSpec, WorkloadSpec } from "../target";
import { engineCpus, engineDuration } from "./format";
import { hardening, logOptions, serviceLabel, stackLabel, tmpfsMounts } from "./hardening";
import { DockerSecret } from "./secret";
import { DockerVolume } from "./volume";

/** Where a container lives. */
export interface Place {
  readonly stack: string;
  readonly containerName: string;
  readonly serviceName: string;
  readonly network: pulumi.Input<string>;
  readonly imageId: pulumi.Input<string>;
}

/** `NAME=value` of every variable, sorted so that the order never counts as a change. */
export function environmentOf(spec: WorkloadSpec): pulumi.Output<string[]> {
  const values: Record<string, pulumi.Input<string>> = { ...spec.environment };
  for (const [name, reference] of Object.entries(spec.secrets)) values[name] = DockerSecret.valueOf(reference);
  return pulumi.all(values).apply((texts) => Object.entries(texts).map(([name, text]) => `${name}=${text}`).sort());
}

/** The arguments of a service's container. */
export function containerArguments(spec: ServiceSpec, place: Place): docker.ContainerArgs {
  const { readOnly, securityOptions, dropped } = hardening(spec);
  return {
    name: place.containerName,
    hostname: place.serviceName,
    image: place.imageId,
    ...(spec.entrypoint === undefined ? {} : { entrypoints: [...spec.entrypoint] }),
    ...(spec.command === undefined ? {} : { command: [...spec.command] }),
    envs: environmentOf(spec),
    ...(spec.user === undefined ? {} : { user: spec.user }),
    ports: spec.ports.flatMap((port) => (port.published === undefined ? [] : [{ internal: port.container, external: port.published, ip: "127.0.0.1" }])),
    networksAdvanced: [{ name: place.network, aliases: [place.serviceName, ...spec.aliases] }],
    uploads: spec.files.map((file) => ({ file: file.path, content: file.content })),
    volumes: spec.volumes.map(({ volume, path }) => ({ containerPath: path, volumeName: DockerVolume.nameOf(volume) })),
    healthcheck: {
      tests: ["CMD", ...spec.health.command],
      interval: engineDuration(spec.health.intervalSeconds),
      timeout: engineDuration(spec.health.timeoutSeconds),
      startPeriod: engineDuration(spec.health.startPeriodSeconds),
      retries: spec.health.retries,
    },
    // The resource is complete when the container is healthy: what depends on it starts then, without any sleep.
    wait: true,
    waitTimeout: spec.health.startPeriodSeconds + spec.health.retries * (spec.health.intervalSeconds + spec.health.timeoutSeconds) + 60,
    mustRun: true,
    restart: "unless-stopped",
    // Databases end in order: SIGTERM first, seconds until SIGKILL.
    destroyGraceSeconds: 20,
    cpus: engineCpus(spec.cpu),
    memory: spec.memoryMib,
    // Equal to the memory: no swap. Left out, every later update would show a change.
    memorySwap: spec.memoryMib,
    readOnly,
    tmpfs: tmpfsMounts(spec.tmpfs),
    capabilities: { drops: dropped },
    securityOpts: securityOptions,
    logDriver: "json-file",
    logOpts: { ...logOptions },
    labels: [
      { label: stackLabel, value: place.stack },
      { label: serviceLabel, value: place.serviceName },
    ],
  };
}
