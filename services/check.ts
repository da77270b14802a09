import { placeholders } from "./bindings";
import { secrets } from "./secrets";
import type { Job, Service } from "./types";

/** Port ranges of the guide, section 1: every published port lies in its layer's range, or is the guide's own native port. */
const ranges: Readonly<Record<Service["layer"], readonly [number, number]>> = {
  control: [20020, 20199],
  cognitive: [30000, 30199],
  memory: [10000, 10199],
  infrastructure: [0, 0],
  observability: [49000, 49999],
};

/** Ports that the guide fixes outside the ranges (section 1.1, 1.2 and 5). */
const fixedPorts: Readonly<Record<string, readonly number[]>> = {
  postgres: [5432],
  redis: [6379],
  kafka: [9092],
  milvus: [19530],
  minio: [9000, 9001],
  health: [8010],
  // The guide prints 20880 for Keycloak, outside the control plane's own 20020-20199.
  keycloak: [20880],
};

/** Faults of the catalog itself; empty when it is sound. A test keeps it so, and so does every start of the program. */
export function catalogFaults(services: readonly Service[], jobs: readonly Job[]): string[] {
  const faults: string[] = [];
  const names = [...services, ...jobs].map((item) => item.name);
  for (const name of names.filter((candidate, index) => names.indexOf(candidate) !== index)) faults.push(`${name} is defined twice`);

  const holders = new Map<number, string>();
  for (const service of services) {
    for (const { published } of service.ports) {
      if (published === undefined) continue;
      const holder = holders.get(published);
      if (holder !== undefined) faults.push(`port ${published} is published by ${holder} and by ${service.name}`);
      holders.set(published, service.name);
      const [low, high] = ranges[service.layer];
      if ((published < low || published > high) && !(fixedPorts[service.name] ?? []).includes(published)) {
        faults.push(`port ${published} of ${service.name} lies outside ${low}-${high}, the ports of the ${service.layer} layer`);
      }
    }
  }
  for (const item of [...services, ...jobs]) {
    for (const name of item.after.filter((other) => !names.includes(other))) faults.push(`${item.name} waits for ${name}, which the catalog does not have`);
    for (const [variable, template] of Object.entries(item.environment)) {
      for (const name of placeholders(template).filter((placeholder) => placeholder.startsWith("secret."))) {
        if (template !== `{${name}}`) faults.push(`${item.name}: ${variable} mixes the secret ${name} with other text`);
        if (!(name.slice("secret.".length) in secrets)) faults.push(`${item.name}: ${variable} names ${name}, which is no secret of the catalog`);
      }
    }
  }
  return faults;
}
