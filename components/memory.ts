import type * as pulumi from "@pulumi/pulumi";

import { LayerComponent, type LayerArgs } from "./layer";

/** SomaFractalMemory: vector memory. */
export class Memory extends LayerComponent {
  constructor(name: string, args: LayerArgs, options?: pulumi.ComponentResourceOptions) {
    super("Memory", name, args, options);
  }
}
