import * as pulumi from "@pulumi/pulumi";

import { fill, placeholders, resolveEnvironment, secretOf, secretRecipe } from "../services/bindings";
import type { Deployment } from "../services/deployment";
import { edgesFrom } from "../services/edges";
import { hostnameOf } from "../services/entry";
import { secrets } from "../services/secrets";
import { isFront, replicasOf, sizeOn } from "../services/sizing";
import type { Job as JobDefinition, Service as ServiceDefinition, Volume } from "../services/types";
import type { DataSpec, EntrySpec, GeneratedSource, ImageRef, JobSpec, SecretRef, SecretSource, ServiceSpec, Target, VolumeRef, WorkloadSpec } from "../targets/target";

/**
 * What the components of one stack share: the target, the values behind the catalog's placeholders, the secrets and images made
 * so far, and the resources that others wait for.
 */
export class Wiring {
  private readonly secretRefs = new Map<string, SecretRef>();
  private readonly ready = new Map<string, pulumi.Resource>();
  private readonly volumeRefs = new Map<string, VolumeRef>();
  /** Where users reach a service, as its target says. */
  readonly urls = new Map<string, pulumi.Input<string>>();

  /**
   * @param owner parent of what is shared: secrets and images
   * @param bindings values of the catalog's plain placeholders
   */
  constructor(
    readonly deployment: Deployment,
    readonly target: Target,
    private readonly owner: pulumi.Resource,
    private readonly bindings: Map<string, pulumi.Input<string>>,
    private readonly images: ReadonlyMap<string, ImageRef>,
  ) {}

  /**
   * Creates what outlives a change of mode: every volume and every generated secret of the catalog, whether this deployment
   * uses it or not. Data that a smaller mode leaves aside is there, with its passwords, when the larger one comes back.
   */
  keep(volumes: readonly Volume[]): void {
    for (const { name, sizeGib } of volumes) this.volumeRefs.set(name, this.target.volume(name, { sizeGib }, { parent: this.owner }));
    for (const [name, recipe] of Object.entries(secrets)) {
      if ((recipe.kind !== "password" && recipe.kind !== "fernet") || this.deployment.unusedSecrets.has(name)) continue;
      const used = this.secret(name);
      // A value of the user's does not delete the generated one: it may be withdrawn again.
      if (used !== undefined && secretRecipe(name, this.deployment.settings)?.kind === "value") this.target.secret(name, this.generated(name, recipe.kind), { parent: this.owner });
    }
  }

  private volume(name: string): VolumeRef {
    const volume = this.volumeRefs.get(name);
    if (volume === undefined) throw new Error(`the catalog has no volume ${name}`);
    return volume;
  }

  /** Deploys one service or job below `parent` and remembers it for those that wait for it. */
  deploy(item: ServiceDefinition | JobDefinition, parent: pulumi.Resource): void {
    const options = { parent, dependsOn: this.waitFor(item.after) };
    if ("health" in item) {
      const service = item.data !== undefined && this.deployment.managed.has(item.name)
        ? this.target.data(item.data.kind, item.name, this.dataSpec(item), options)
        : this.target.service(item.name, this.serviceSpec(item), options);
      for (const [part, value] of Object.entries(service.bindings)) this.bindings.set(`${item.name}.${part}`, value);
      if (service.url !== undefined) this.urls.set(item.name, service.url);
      this.ready.set(item.name, service.resource);
    } else {
      this.ready.set(item.name, this.target.job(item.name, this.jobSpec(item), options).resource);
    }
  }

  /** Everything deployed so far. */
  get deployed(): readonly pulumi.Resource[] {
    return [...this.ready.values()];
  }

  private waitFor(names: readonly string[]): pulumi.Resource[] {
    return names.flatMap((name) => this.ready.get(name) ?? []);
  }

  private dataSpec(service: ServiceDefinition): DataSpec {
    const name = service.data?.password;
    const password = name === undefined ? undefined : this.secret(name);
    return {
      ...(password === undefined ? {} : { password }),
      storageGib: (service.volumes ?? []).reduce((sum, volume) => sum + volume.sizeGib, 0),
    };
  }

  private serviceSpec(service: ServiceDefinition): ServiceSpec {
    const { liveness } = service;
    const entry = this.entrySpec(service);
    return {
      ...this.workloadSpec(service),
      ports: service.ports,
      aliases: service.aliases ?? [],
      volumes: (service.volumes ?? []).map(({ name, path }) => ({ volume: this.volume(name), path })),
      health: service.health,
      ...(liveness === undefined ? {} : { liveness: { ...liveness, port: portOf(service, liveness.port) } }),
      replicas: replicasOf(service, this.deployment.settings.values.deploymentMode === "PROD"),
      ...(entry === undefined ? {} : { entry }),
      front: isFront(service),
    };
  }

  private entrySpec(service: ServiceDefinition): EntrySpec | undefined {
    const hostname = hostnameOf(service, this.deployment.settings);
    if (service.entry === undefined || hostname === undefined) return undefined;
    const { visibility, port, health } = service.entry;
    return {
      visibility,
      hostname,
      port: portOf(service, port),
      health: { ...health, port: portOf(service, health.port ?? port) },
      websocket: service.needs.includes("websocket"),
    };
  }

  private jobSpec(job: JobDefinition): JobSpec {
    return { ...this.workloadSpec(job), timeoutSeconds: job.timeoutSeconds };
  }

  private workloadSpec(item: ServiceDefinition | JobDefinition): WorkloadSpec {
    const { plain, secret } = resolveEnvironment(item.environment, (template) => this.text(template), (name) => this.secret(name));
    return {
      image: this.image(item.image),
      helper: this.image("ops"),
      ...(item.entrypoint === undefined ? {} : { entrypoint: item.entrypoint }),
      ...(item.command === undefined ? {} : { command: item.command }),
      environment: plain,
      secrets: secret,
      files: (item.files ?? []).map(({ path, content }) => ({ path, content: this.fileContent(item.name, path, content) })),
      ...(item.user === undefined ? {} : { user: item.user }),
      readOnlyRoot: item.readOnlyRoot,
      tmpfs: item.tmpfs ?? [],
      ...sizeOn(this.deployment.settings.values, item),
      calls: edgesFrom(item, this.deployment.services).map(({ to, port }) => ({ service: to, port })),
    };
  }

  private image(name: string): ImageRef {
    const image = this.images.get(name);
    if (image === undefined) throw new Error(`this deployment does not have the image ${name}`);
    return image;
  }

  private fileContent(owner: string, path: string, content: string): pulumi.Input<string> {
    const text = this.text(content);
    if (text === undefined) throw new Error(`${path} of ${owner} has a placeholder without a value`);
    return text;
  }

  private text(template: string): pulumi.Input<string> | undefined {
    const names = placeholders(template);
    if (names.some((name) => !this.bindings.has(name))) return undefined;
    const values = Object.fromEntries(names.map((name) => [name, this.bindings.get(name)]));
    if (Object.values(values).every((value) => typeof value === "string")) return fill(template, (name) => this.bindings.get(name) as string);
    return pulumi.all(values).apply((texts) => fill(template, (name) => texts[name]) ?? "");
  }

  /** The secret of that name, made when it is first asked for; undefined when it has no value in this deployment. */
  private secret(name: string): SecretRef | undefined {
    const made = this.secretRefs.get(name);
    if (made !== undefined) return made;
    const source = this.secretSource(name);
    if (source === undefined) return undefined;
    const reference = this.target.secret(name, source, { parent: this.owner });
    this.secretRefs.set(name, reference);
    return reference;
  }

  private generated(name: string, kind: GeneratedSource["kind"]): GeneratedSource {
    return { kind, generation: this.deployment.settings.values.rotation[name] ?? 0 };
  }

  private secretSource(name: string): SecretSource | undefined {
    if (this.deployment.unusedSecrets.has(name)) return undefined;
    const recipe = secretRecipe(name, this.deployment.settings);
    if (recipe === undefined || recipe.kind === "setting") return undefined;
    if (recipe.kind === "value") return { kind: "value", value: pulumi.secret(recipe.value) };
    if (recipe.kind !== "text") return this.generated(name, recipe.kind);
    const parts: (pulumi.Input<string> | SecretRef)[] = [];
    for (const piece of recipe.template.split(/(\{[a-z.-]+\})/)) {
      const reference = secretOf(piece);
      const part = reference === undefined ? this.text(piece) : this.secret(reference);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return { kind: "text", parts };
  }
}

function portOf(service: ServiceDefinition, name: string): number {
  const port = service.ports.find((candidate) => candidate.name === name);
  if (port === undefined) throw new Error(`${service.name} has no port ${name}`);
  return port.container;
}
