import type * as pulumi from "@pulumi/pulumi";

import { LayerComponent, type LayerArgs } from "./layer";

/** SomaAgent01: gateway, admin and workers, with Keycloak, SpiceDB and OPA. */
export class ControlPlane extends LayerComponent {
  constructor(name: string, args: LayerArgs, options?: pulumi.ComponentResourceOptions) {
    super("ControlPlane", name, args, options);
  }
}
