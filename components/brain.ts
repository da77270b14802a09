import type * as pulumi from "@pulumi/pulumi";

import { LayerComponent, type LayerArgs } from "./layer";

/** SomaBrain: cognition. */
export class Brain extends LayerComponent {
  constructor(name: string, args: LayerArgs, options?: pulumi.ComponentResourceOptions) {
    super("Brain", name, args, options);
  }
}
