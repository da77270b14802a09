import type * as pulumi from "@pulumi/pulumi";

import type { DataKind } from "../../../services/types";
import { OperatedKafka } from "./kafka";
import type { Operated, OperatedArgs } from "./place";
import { OperatedPostgres } from "./postgres";
import { OperatedRedis } from "./redis";

/** Makes a data service that an operator runs in the cluster. @throws Error for a kind that no operator of ours runs */
export function createOperated(kind: DataKind, name: string, args: OperatedArgs, options: pulumi.ComponentResourceOptions): Operated {
  switch (kind) {
    case "postgres":
      return new OperatedPostgres(name, args, options);
    case "redis":
      return new OperatedRedis(name, args, options);
    case "kafka":
      return new OperatedKafka(name, args, options);
    case "objectStore":
      throw new Error(`no operator runs ${name}`);
  }
}
