import type { DataKind } from "../../../services/types";
import type { DataSpec, Options, Service } from "../../target";
import type { AwsFoundation } from "../foundation";
import { ManagedKafka } from "./kafka";
import { ManagedObjectStore } from "./object-store";
import { ManagedPostgres } from "./postgres";
import { ManagedRedis } from "./redis";

/** Makes a managed data service and says where it is. */
export function createData(foundation: AwsFoundation, kind: DataKind, name: string, spec: DataSpec, options: Options): Service {
  const below = { ...options, providers: [foundation.provider] };
  switch (kind) {
    case "postgres":
      return served(new ManagedPostgres(name, { foundation, spec }, below));
    case "redis":
      return served(new ManagedRedis(name, { foundation, spec }, below));
    case "kafka":
      return served(new ManagedKafka(name, { foundation, spec }, below));
    case "objectStore":
      return served(new ManagedObjectStore(name, { foundation }, below));
  }
}

function served(data: ManagedPostgres | ManagedRedis | ManagedKafka | ManagedObjectStore): Service {
  return { resource: data, bindings: data.bindings };
}
