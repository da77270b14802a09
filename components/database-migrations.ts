import type * as pulumi from "@pulumi/pulumi";

import { LayerComponent, type LayerArgs } from "./layer";

/** Roles and databases, then Memory -> Brain -> Agent in strict order; no application exists before the chain has succeeded. */
export class DatabaseMigrations extends LayerComponent {
  constructor(name: string, args: LayerArgs, options?: pulumi.ComponentResourceOptions) {
    super("DatabaseMigrations", name, args, options);
  }
}
