import * as docker from "@pulumi/docker";

import type { ImageSource, Job, JobSpec, Options, SecretRef, SecretSource, Service, ServiceSpec, Target, TargetContext } from "../target";
import { containerArguments, environmentOf } from "./container";
import { hardening, serviceLabel, stackLabel, tmpfsMounts } from "./hardening";
import { createImage, DockerImage } from "./image";
import { DockerJob } from "./job";
import { createSecret } from "./secret";
import { createVolume, type DockerVolume } from "./volume";

/** SomaStack on the Docker engine of one machine. */
export class DockerTarget implements Target {
  private readonly provider: docker.Provider;
  private readonly network: docker.Network;
  /** Resolves when the network is on its way: its creation takes the plugin two seconds, in which the secrets are made. */
  private readonly afterNetwork: Promise<void>;

  private readonly stack: string;

  constructor(private readonly context: TargetContext) {
    const { parent, stack } = context;
    this.stack = stack;
    this.provider = new docker.Provider("docker", {}, { parent });
    this.network = new docker.Network("network", { name: this.physical(), labels: [{ label: stackLabel, value: stack }] }, { parent, provider: this.provider });
    // A promise and no output: secrets must not depend on the provider in the state.
    this.afterNetwork = new Promise((resolve) => void this.provider.urn.apply(() => resolve()));
  }

  secret(name: string, source: SecretSource, options: Options): SecretRef {
    return createSecret(name, source, options, this.afterNetwork);
  }

  image(name: string, source: ImageSource, options: Options): DockerImage {
    return createImage(name, source, `somastack/${name}`, { ...options, provider: this.provider });
  }

  volume(name: string, _spec: { readonly sizeGib: number }, options: Options): DockerVolume {
    const args = { name: this.physical(name), labels: [{ label: stackLabel, value: this.stack }] };
    return createVolume(name, args, { ...options, provider: this.provider, retainOnDelete: this.context.profile.retainData });
  }

  data(kind: string): never {
    throw new Error(`Docker has no managed ${kind}`);
  }

  service(name: string, spec: ServiceSpec, options: Options): Service {
    const place = {
      stack: this.stack,
      containerName: this.physical(name),
      serviceName: name,
      network: this.network.name,
      imageId: DockerImage.idOf(spec.image),
    };
    const container = new docker.Container(name, containerArguments(spec, place), {
      ...options,
      provider: this.provider,
      // Name, ports and volume belong to one container at a time.
      deleteBeforeReplace: true,
    });
    return { bindings: {}, resource: container };
  }

  job(name: string, spec: JobSpec, options: Options): Job {
    const { readOnly } = hardening(spec);
    const resource = new DockerJob(
      name,
      {
        containerName: this.physical(name),
        image: DockerImage.idOf(spec.image),
        ...(spec.entrypoint === undefined ? {} : { entrypoint: [...spec.entrypoint] }),
        ...(spec.command === undefined ? {} : { command: [...spec.command] }),
        environment: environmentOf(spec),
        files: spec.files.map((file) => ({ ...file })),
        ...(spec.user === undefined ? {} : { user: spec.user }),
        network: this.network.name,
        labels: { [stackLabel]: this.stack, [serviceLabel]: name },
        readOnly,
        tmpfs: tmpfsMounts(spec.tmpfs),
        cpu: spec.cpu,
        memoryMib: spec.memoryMib,
        timeoutSeconds: spec.timeoutSeconds,
      },
      options,
    );
    return { resource };
  }

  private physical(name?: string): string {
    return ["somastack", this.stack, ...(name === undefined ? [] : [name])].join("-");
  }
}
