import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../../toolchain/paths";
import { docker } from "../support";
import { ec2Prefix } from "./leftovers";
import type { Region } from "./region";
import type { Step } from "./release";

const script = join(projectRoot, "targets", "ec2", "files", "somastack.sh");

/** How a command of an instance ended. */
export interface Ended {
  readonly code: number;
  /** stdout and stderr, in order. */
  readonly output: string;
}

/** A stand-in instance of a group: the very script of an instance, with a root folder, a project and addresses of its own. */
export class Instance {
  readonly id: string;
  readonly root: string;
  readonly address: string;
  readonly project: string;

  constructor(private readonly region: Region, readonly group: string, private readonly key: string) {
    this.id = `i-${group}`;
    this.root = region.rootOf(group);
    this.address = region.addressOf(group);
    this.project = `${ec2Prefix}-${group}`;
    for (const path of ["etc/somastack", "metadata"]) mkdirSync(join(this.root, path), { recursive: true });
    const settings = { REGION: "us-east-1", BUCKET: "releases", KEY: key, GROUP: group, HOOK: "ready" };
    writeFileSync(join(this.root, "etc/somastack/instance"), Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`).join(""));
    const metadata = { token: "token", "instance-id": this.id, "local-ipv4": this.address, "local-ipv4s": region.addressesOf(group).join("\n") };
    for (const [name, value] of Object.entries(metadata)) writeFileSync(join(this.root, "metadata", name), `${value}\n`);
  }

  /** Gives the instance its first address, as its start does at AWS. */
  async boot(): Promise<void> {
    await execa("ip", ["address", "add", `${this.address}/32`, "dev", ec2Prefix]);
  }

  /** Runs the script of instances. */
  async run(...args: string[]): Promise<Ended> {
    return this.execute("bash", [script, ...args], {});
  }

  /** Runs Compose with the document of the release, without the script; every variable has the same value. */
  async compose(value: string, ...args: string[]): Promise<Ended> {
    const document = join(this.root, "run/somastack/release/compose.json");
    const variables = new Set(readFileSync(document, "utf8").match(/(?<=\$\{)SOMASTACK_[A-Z_0-9]+/g));
    return this.execute(join(this.region.bin, "docker"), ["compose", "--file", document, ...args], Object.fromEntries([...variables].map((variable) => [variable, value])));
  }

  private async execute(program: string, args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Ended> {
    const { bin, folder, compose: [compose = "docker", word] } = this.region;
    const { stdout: client } = await execa("which", ["docker"]);
    const { exitCode, all } = await execa(program, args, {
      all: true, reject: false, stdin: "ignore",
      env: {
        ...variables, PATH: `${bin}:${process.env["PATH"] ?? ""}`, SOMASTACK_ROOT: this.root, DOUBLES: folder, OVERRIDES: join(folder, "overrides"),
        PROJECT: this.project, DOCKER: client, COMPOSE: word === undefined ? compose : "",
      },
    });
    return { code: exitCode ?? -1, output: all };
  }

  /** Ends the instance and starts another one of its group: the disks stay, all else of it goes. */
  async replace(): Promise<Instance> {
    await this.run("stop");
    const { code, output } = await this.compose("127.0.0.1", "down", "--volumes");
    if (code !== 0) throw new Error(output);
    const volumes = join(this.root, "var/lib/somastack/volumes");
    for (const name of readdirSync(volumes)) await execa("umount", [join(volumes, name)]);
    rmSync(this.root, { recursive: true });
    await execa("ip", ["address", "delete", `${this.address}/32`, "dev", ec2Prefix]);
    const next = new Instance(this.region, this.group, this.key);
    await next.boot();
    return next;
  }

  /** Runs a job as SSM does. */
  async job({ name, key, seconds }: Step): Promise<Ended> {
    return this.run("job", name, key, String(seconds));
  }

  /** Containers by service. */
  async containers(): Promise<Map<string, Awaited<ReturnType<ReturnType<typeof docker.getContainer>["inspect"]>>>> {
    const found = await docker.listContainers({ all: true, filters: { label: [`com.docker.compose.project=${this.project}`] } });
    return new Map(await Promise.all(found.map(async ({ Id, Labels }) => [Labels["com.docker.compose.service"] ?? "", await docker.getContainer(Id).inspect()] as const)));
  }
}
