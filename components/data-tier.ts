import type * as pulumi from "@pulumi/pulumi";

import { LayerComponent, type LayerArgs } from "./layer";

/** PostgreSQL, Redis, Kafka, Milvus with etcd, and the object store, with the jobs that prepare them. */
export class DataTier extends LayerComponent {
  constructor(name: string, args: LayerArgs, options?: pulumi.ComponentResourceOptions) {
    super("DataTier", name, args, options);
  }
}
