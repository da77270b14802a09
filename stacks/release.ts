import * as pulumi from "@pulumi/pulumi";

import type { Release } from "../settings/release";

/** What a release record is made from. */
export interface ReleaseArgs {
  readonly settings: Release["settings"];
  readonly images: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * The record of the stack's release and of the one before it. It is written once everything that it depends on is there: an update
 * that fails leaves the record as it was.
 */
export class ReleaseRecord extends pulumi.CustomResource {
  declare readonly settings: pulumi.Output<Release["settings"]>;
  declare readonly images: pulumi.Output<Release["images"]>;
  /** Absent until the first change. */
  declare readonly previous: pulumi.Output<Release | undefined>;

  constructor(name: string, args: ReleaseArgs, options: pulumi.CustomResourceOptions) {
    super("somastack:stack:Release", name, { ...args, previous: undefined }, options);
  }
}
