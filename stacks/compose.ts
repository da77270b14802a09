import * as pulumi from "@pulumi/pulumi";

import { Brain } from "../components/brain";
import { ControlPlane } from "../components/control-plane";
import { DataTier } from "../components/data-tier";
import { DatabaseMigrations } from "../components/database-migrations";
import type { LayerArgs, LayerComponent } from "../components/layer";
import { Memory } from "../components/memory";
import { Observability } from "../components/observability";
import { Wiring } from "../components/wiring";
import { plainBindings } from "../services/bindings";
import { chooseServices } from "../services/catalog";
import { planDeployment } from "../services/deployment";
import { inOrder } from "../services/order";
import type { Job, Owner, Service } from "../services/types";
import { checkRequirements } from "../services/requirements";
import { ConfigurationError } from "../settings/faults";
import type { Settings } from "../settings/load";
import type { ImageRef } from "../targets/target";
import type { ImageLock } from "../toolchain/image-lock";
import { imageSource, releasedImages, substitutes, unavailableImages } from "./images";
import { outputsOf, type StackOutputs } from "./outputs";
import { profileOf } from "./profile";
import { ReleaseRecord } from "./release";
import { createTarget } from "./target";

const components: Readonly<Record<Owner, new (name: string, args: LayerArgs, options?: pulumi.ComponentResourceOptions) => LayerComponent>> = {
  DataTier,
  DatabaseMigrations,
  ControlPlane,
  Brain,
  Memory,
  Observability,
};

const componentNames: Readonly<Record<Owner, string>> = {
  DataTier: "data-tier",
  DatabaseMigrations: "database-migrations",
  ControlPlane: "control-plane",
  Brain: "brain",
  Memory: "memory",
  Observability: "observability",
};

/** SomaStack: everything of one stack, below one component. */
export class SomaStack extends pulumi.ComponentResource {
  readonly outputs: StackOutputs;

  /**
   * @param lock what the toolchain found for the images of this machine; empty on a machine that pulls them
   * `goesBack`: the settings are of an earlier release, and no migration runs.
   *
   * @throws ConfigurationError when an image's sources are not there
   */
  constructor(name: string, args: { readonly settings: Settings; readonly lock: ImageLock; readonly goesBack?: boolean }, options?: pulumi.ComponentResourceOptions) {
    super("somastack:index:SomaStack", name, {}, options);
    const { settings } = args;
    const { deploymentTarget, deploymentMode } = settings.values;
    // What this machine found for images concerns this machine alone.
    const lock = deploymentTarget === "LOCAL" ? args.lock : {};
    const wanted = planDeployment(settings);
    const deployment = planDeployment(settings, unavailableImages(wanted.images, lock));
    // Everything that can be refused is refused before the first resource.
    const sources = Object.entries(deployment.images).map(([image, entry]) => ({ image, source: imageSource(image, entry, lock) }));
    const { faults, warnings } = checkRequirements(deployment);
    if (faults.length > 0) throw new ConfigurationError(faults);
    const target = createTarget({ stack: settings.stack, values: settings.values, profile: profileOf(deploymentMode), parent: this });
    const images = new Map<string, ImageRef>(sources.map(({ image, source }) => [image, target.image(image, source, { parent: this })]));

    const wiring = new Wiring(deployment, target, this, new Map(plainBindings(deployment)), images);
    const jobs = deployment.jobs.filter(({ migrates }) => migrates !== true || args.goesBack !== true);
    this.deployAll(wiring, [...deployment.services, ...jobs]);
    const release = new ReleaseRecord("release", { settings: settings.released, images: releasedImages(deployment, images) }, { parent: this, dependsOn: [...wiring.deployed] });
    this.outputs = outputsOf(deployment, { substitutes: substitutes(wanted.images, lock), warnings: [...settings.warnings, ...warnings], urls: wiring.urls, target: target.outputs ?? {}, release });
    this.registerOutputs({});
  }

  /** Components in the order in which their first part is due, each part after what it waits for. */
  private deployAll(wiring: Wiring, items: readonly (Service | Job)[]): void {
    const { deployment: { managedEverywhere }, target } = wiring;
    // Volumes of every mode outlive the mode; those of managed services have no use.
    wiring.keep(chooseServices((name) => !managedEverywhere.has(name)).flatMap((service) => service.volumes ?? []));
    const made = new Map<Owner, LayerComponent>();
    for (const item of inOrder(items)) {
      let component = made.get(item.owner);
      if (component === undefined) {
        component = new components[item.owner](componentNames[item.owner], { wiring }, { parent: this });
        made.set(item.owner, component);
      }
      component.deploy(item.name);
    }
    target.complete?.();
    for (const component of made.values()) component.complete();
  }
}
