import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { DataKind } from "../../services/types";
import { ConfigurationError } from "../../settings/faults";
import { usesExistingCluster } from "../../settings/rules";
import type { DataSpec, ImageRef, ImageSource, Job, JobSpec, Options, SecretRef, SecretSource, Service, ServiceSpec, Target, TargetContext, VolumeRef } from "../target";
import { isInstalled } from "./add-ons/install";
import { AwsPlatform } from "./aws-platform";
import { ExistingPlatform } from "./existing";
import { externalPorts } from "../external-ports";
import { pulledImage } from "./image";
import { KubernetesJob } from "./job";
import { Namespace } from "./namespace";
import { createOperated } from "./operators/create";
import { dependenciesOf, type Place } from "./place";
import type { Platform } from "./platform";
import { createSecret, KubernetesSecret, secretValue } from "./secret";
import { KubernetesService } from "./service";
import { claimVolume } from "./volume";

/** What workloads share, made when the first of them or their parts comes. */
interface Shared extends Place {
  readonly fingerprintKey: pulumi.Output<string>;
  readonly managed: Set<string>;
}

/**
 * SomaStack on Kubernetes: on a cluster of its own on AWS, or on one that is there. All that is inside the cluster is the same for
 * both; they differ in where images, values of secrets and managed data come from.
 */
export class EksTarget implements Target {
  private readonly existing: boolean;
  private readonly made = new Map<string, KubernetesSecret>();
  private sharedParts: Shared | undefined;

  /** @throws ConfigurationError for a place of data that the cluster cannot have */
  constructor(private readonly context: TargetContext) {
    const { cluster } = context.values;
    this.existing = usesExistingCluster(cluster);
    if (this.existing && cluster.data === "managed") {
      throw new ConfigurationError([{
        key: "somastack:cluster.data", value: cluster.data,
        rule: "must be plain or operators on an existing cluster, whose network no managed service joins",
        mend: "Set it to plain or operators, name external services by their addresses (somastack:dbHost, redisUrl, ...), or leave it out",
      }]);
    }
  }

  get outputs(): Readonly<Record<string, pulumi.Input<unknown>>> {
    const { platform, namespace } = this.shared;
    return { ...platform.cluster.outputs, namespace: namespace.name };
  }

  secret(name: string, source: SecretSource, options: Options): SecretRef {
    const { platform, namespace, fingerprintKey, stack } = this.shared;
    const known = this.made.get(name);
    if (known !== undefined) {
      // A generated value that a user's replaces is kept where it would be without, and no pod is given it.
      secretValue(name, source, pulumi.Resource.isInstance(known.managed) ? { parent: known.managed } : options);
      return known;
    }
    const { value, managed } = platform.secret(name, source, options);
    const secret = createSecret(name, value, { namespace, fingerprintKey, stack, ...(managed === undefined ? {} : { managed }) }, options);
    this.made.set(name, secret);
    return secret;
  }

  volume(name: string, { sizeGib }: { readonly sizeGib: number }, options: Options): VolumeRef {
    const { namespace, platform, stack } = this.shared;
    return claimVolume(name, sizeGib, { namespace, cluster: platform.cluster, stack, profile: this.context.profile }, options);
  }

  /** On an existing cluster nothing is made for an image: a build is refused before the first resource. */
  image(name: string, source: ImageSource, options: Options): ImageRef {
    return this.existing ? pulledImage(name, source) : this.shared.platform.image(name, source, options);
  }

  data(kind: DataKind, name: string, spec: DataSpec, options: Options): Service {
    const { platform, managed } = this.shared;
    const { profile, values } = this.context;
    if (values.cluster.data === "operators") {
      return createOperated(kind, name, { place: this.shared, spec, production: profile.production, waitFor: dependenciesOf(options.dependsOn) }, options.parent === undefined ? {} : { parent: options.parent });
    }
    managed.add(name);
    const password = spec.password === undefined ? undefined : KubernetesSecret.of(spec.password).managed;
    return platform.data(kind, name, { storageGib: spec.storageGib, ...(password === undefined ? {} : { password }) }, options);
  }

  job(name: string, spec: JobSpec, options: Options): Job {
    return { resource: new KubernetesJob(name, spec, this.shared, options).job };
  }

  service(name: string, spec: ServiceSpec, options: Options): Service {
    const { workload, url } = new KubernetesService(name, spec, this.shared, options);
    return { resource: workload, bindings: {}, ...(url === undefined ? {} : { url }) };
  }

  private get shared(): Shared {
    this.sharedParts ??= this.create();
    return this.sharedParts;
  }

  private create(): Shared {
    const { context } = this;
    const { stack, profile, parent, values } = context;
    const platform: Platform = this.existing ? new ExistingPlatform("cluster", context) : new AwsPlatform("cluster", context);
    const namespace = new Namespace("namespace", { cluster: platform.cluster, stack, profile }, { parent });
    // Not random bytes, whose id is their value: with it in clear in the state, a fingerprint would give a weak secret away.
    const key = new random.RandomPassword("fingerprint", { length: 32, special: false }, { parent });
    return {
      stack, platform, namespace, managed: new Set(), externalPorts: externalPorts(values), fingerprintKey: pulumi.secret(key.result),
      installs: (addOn) => isInstalled(addOn, values.cluster.without, platform.cluster.aws),
    };
  }
}
