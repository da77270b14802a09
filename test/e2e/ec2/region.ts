import { chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../toolchain/paths";
import { ec2Prefix } from "./leftovers";
import { localImages, type LocalImages } from "./local-images";
import { parsed, type Release } from "./release";

/** Where what follows lies; the subnet is a bridge of Docker's, so that containers reach instances and instances each other. */
const subnet = "10.213.94";
const gateway = `${subnet}.1`;

const fixtures = join(projectRoot, "test", "e2e", "fixtures", "ec2");

/** Ids of the official images' users, which have to own a key. */
const keyOwners = { postgres: 70, redis: 999 } as const;

/** What stands in for AWS around the instances: the API, the managed data tier, the subnet with its addresses. */
export class Region {
  readonly folder = mkdtempSync(join(tmpdir(), `${ec2Prefix}-`));
  readonly bin = join(fixtures, "bin");
  private readonly groups: readonly string[];

  private constructor(readonly release: Release, readonly compose: readonly string[], private readonly images: LocalImages) {
    this.groups = release.steps.filter(({ kind }) => kind === "group").map(({ name }) => name);
  }

  /** Fills bucket, secrets and disks. */
  static async begin(release: Release, compose: readonly string[]): Promise<Region> {
    const documents = [...release.documents.values()].map(parsed);
    const region = new Region(release, compose, await localImages(compose, ["postgres", "redis", ...documents.flatMap(({ services }) => Object.keys(services))]));
    for (const name of ["bucket", "secrets", "disks", "names", "overrides", "certificates"]) mkdirSync(join(region.folder, name));
    for (const [version, value] of release.secrets) writeFileSync(join(region.folder, "secrets", version), value, { mode: 0o600 });
    for (const { id } of documents.flatMap((document) => document["x-somastack"].volumes)) await execa("truncate", ["--size", "256M", join(region.folder, "disks", id)]);
    for (const [key, content] of release.documents) {
      mkdirSync(dirname(join(region.folder, "bucket", key)), { recursive: true });
      writeFileSync(join(region.folder, "bucket", key), content);
      // Jobs run where no group's own paths are: on the instance for operations.
      const group = key.startsWith("groups/") ? key.split("/")[1] ?? "" : "operations";
      writeFileSync(join(region.folder, "overrides", basename(key)), JSON.stringify(region.override(content, group)));
    }
    return region;
  }

  /** Root folder of the instance of a group. */
  rootOf(group: string): string {
    return join(this.folder, group);
  }

  /** The address of a group's instance itself. */
  addressOf(group: string): string {
    return this.addresses(group, 0);
  }

  /** The instance's address, and one for each name that its document asks for, in the order of the script. */
  private addresses(group: string, index: number): string {
    return `${subnet}.${20 * (this.groups.indexOf(group) + 1) + index}`;
  }

  /** All addresses of a group's instance. */
  addressesOf(group: string): string[] {
    return [this.addressOf(group), ...this.namesOf(group).map((_, index) => this.addresses(group, index + 1))];
  }

  /** In-network names that lead to a group, with their addresses. */
  namesOf(group: string): { readonly id: string; readonly address: string }[] {
    const content = [...this.release.documents].find(([key]) => key.startsWith(`groups/${group}/`))?.[1];
    if (content === undefined) throw new Error(`no document of ${group}`);
    return parsed(content)["x-somastack"].names.map(({ id }, index) => ({ id, address: this.addresses(group, index + 1) }));
  }

  /** What instances have put into Cloud Map: addresses by name. */
  registered(): Record<string, string[]> {
    const folder = join(this.folder, "names");
    return Object.fromEntries(readdirSync(folder).map((name) => [name, readdirSync(join(folder, name)).map((id) => readFileSync(join(folder, name, id), "utf8").trim())]));
  }

  /** Calls of the API, each with its instance. */
  calls(): string[] {
    const file = join(this.folder, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  }

  /** What a document says and this machine cannot give: images of a registry, CloudWatch, DNS, as many processors, paths below `/`. */
  private override(content: string, group: string): object {
    const { services, configs = {}, volumes = {} } = parsed(content);
    const hosts = this.hosts(group);
    const below = (path: string): string => `${this.rootOf(group)}${path}`;
    return {
      services: Object.fromEntries(Object.entries(services).map(([name, { deploy, volumes: mounted = [] }]) => [name, {
        image: this.images(name),
        pull_policy: "never",
        logging: { driver: "json-file" },
        extra_hosts: hosts,
        deploy: { resources: { limits: { cpus: String(Math.min(Number(deploy.resources.limits.cpus), availableParallelism())) } } },
        // The certificate of the data tier, in place of Amazon's.
        environment: { SSL_CERT_FILE: "/certificate.crt" },
        volumes: [`${join(this.folder, "certificates", "server.crt")}:/certificate.crt:ro`, ...mounted.filter((volume) => volume.startsWith("/")).map(below)],
      }])),
      configs: Object.fromEntries(Object.entries(configs).map(([name, { file }]) => [name, { file: below(file) }])),
      volumes: Object.fromEntries(Object.entries(volumes).map(([name, { driver_opts: options }]) => [name, { driver_opts: { device: below(options.device) } }])),
    };
  }

  private hosts(group: string): Record<string, string> {
    const names = this.groups.filter((other) => other !== group).flatMap((other) => this.namesOf(other));
    return Object.fromEntries([...this.managedHosts().map((host) => [host, gateway]), ...names.map(({ id, address }) => [`${id}.${this.release.namespace}`, address])]);
  }

  /** Addresses under which RDS and ElastiCache would be found. */
  private managedHosts(): string[] {
    const environments = [...this.release.documents.values()].flatMap((content) => Object.values(parsed(content).services)).map(({ environment }) => environment);
    return ["POSTGRES_HOST", "REDIS_HOST"].flatMap((variable) => environments.find((environment) => variable in environment)?.[variable] ?? []);
  }

  /** Starts the data tier, and with it the subnet. */
  async startDataTier(): Promise<void> {
    const certificates = join(this.folder, "certificates");
    const alternatives = this.managedHosts().map((host) => `DNS:${host}`).join(",");
    await execa("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=data tier", "-addext", `subjectAltName=${alternatives}`, "-keyout", join(certificates, "server.key"), "-out", join(certificates, "server.crt")]);
    for (const [name, owner] of Object.entries(keyOwners)) {
      copyFileSync(join(certificates, "server.key"), join(certificates, `${name}.key`));
      chownSync(join(certificates, `${name}.key`), owner, owner);
    }
    const [program = "docker", ...first] = this.compose;
    await execa(program, [...first, "--file", join(fixtures, "data-tier.yml"), "up", "--detach", "--wait"], {
      stdin: "ignore",
      env: {
        POSTGRES_IMAGE: this.images("postgres"), REDIS_IMAGE: this.images("redis"), CERTIFICATES: certificates,
        POSTGRES_PASSWORD: this.secret("postgres-admin"), REDIS_PASSWORD: this.secret("redis-password"),
        SUBNET: `${subnet}.0/24`, GATEWAY: gateway, RANGE: `${subnet}.192/26`,
      },
    });
  }

  /** The value of a secret of the program. */
  secret(name: string): string {
    const found = [...this.release.documents.values()].flatMap((content) => parsed(content)["x-somastack"].secrets).find(({ arn }) => new RegExp(`/${name}-[0-9a-f]{6}$`).test(arn));
    return this.release.secrets.get(found?.version ?? "") ?? "";
  }
}
