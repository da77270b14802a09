import type * as pulumi from "@pulumi/pulumi";

import { LayerComponent, type LayerArgs } from "./layer";

/** Prometheus, Grafana, Jaeger, Temporal and the combined health endpoint. */
export class Observability extends LayerComponent {
  constructor(name: string, args: LayerArgs, options?: pulumi.ComponentResourceOptions) {
    super("Observability", name, args, options);
  }
}
