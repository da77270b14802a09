import * as pulumi from "@pulumi/pulumi";

import type { Owner } from "../services/types";
import type { Wiring } from "./wiring";

/** Arguments of every component of SomaStack. */
export interface LayerArgs {
  readonly wiring: Wiring;
}

/** A part of SomaStack: the services and jobs of the catalog that it owns, each below it. */
export abstract class LayerComponent extends pulumi.ComponentResource {
  private readonly owner: Owner;
  private readonly wiring: Wiring;

  protected constructor(owner: Owner, name: string, args: LayerArgs, options?: pulumi.ComponentResourceOptions) {
    super(`somastack:index:${owner}`, name, {}, options);
    this.owner = owner;
    this.wiring = args.wiring;
  }

  /** Deploys one service or job of this component, if this deployment has it. */
  deploy(name: string): void {
    const { services, jobs } = this.wiring.deployment;
    const item = [...services, ...jobs].find((candidate) => candidate.name === name && candidate.owner === this.owner);
    if (item !== undefined) this.wiring.deploy(item, this);
  }

  /** Says that all is there; its outputs are the names of what it runs. */
  complete(): void {
    const { services, jobs } = this.wiring.deployment;
    const names = (items: readonly { name: string; owner: Owner }[]): string[] => items.filter((item) => item.owner === this.owner).map((item) => item.name);
    this.registerOutputs({ services: names(services), jobs: names(jobs) });
  }
}
