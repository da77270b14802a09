import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectRoot } from "../../toolchain/paths";
import type { Endpoint } from "../doubles/endpoint";
import { Ledger, type Entry } from "../doubles/ledger";
import { EngineStack, type PulumiResult } from "./support";

/** What every stack in a cloud has to say. */
const address = { "somastack:domain": "agent.example.com", "somastack:hostedZoneId": "Z0123456789EXAMPLE" };

/**
 * A stack under the real engine in a cloud of ours: doubles of the aws, awsx and docker-build plugins, which write what they made into a
 * ledger, and of the APIs that our own provider asks. No AWS account is used.
 */
export class DoubledCloud<E extends Endpoint> {
  private constructor(
    private readonly folder: string,
    readonly ledger: Ledger,
    /** The double of the APIs. */
    readonly endpoint: E,
    readonly stack: EngineStack,
    private readonly config: Readonly<Record<string, string>>,
  ) {}

  /** Starts the endpoint and creates the stack with its configuration. */
  static async create<E extends Endpoint>(Double: new (ledger: Ledger) => E, config: Readonly<Record<string, string>>): Promise<DoubledCloud<E>> {
    const folder = mkdtempSync(join(tmpdir(), "somastack-double-"));
    const ledger = new Ledger(folder);
    const endpoint = await new Double(ledger).start();
    const stack = await EngineStack.create(projectRoot, {
      PATH: join(projectRoot, "test", "doubles", "plugins"), SOMASTACK_DOUBLE: folder,
      AWS_ENDPOINT_URL: endpoint.url, AWS_ACCESS_KEY_ID: "double", AWS_SECRET_ACCESS_KEY: "double",
    });
    const cloud = new DoubledCloud(folder, ledger, endpoint, stack, { ...address, ...config });
    cloud.configure();
    return cloud;
  }

  /** Sets the configuration, with some keys more or other. */
  configure(more: Readonly<Record<string, string>> = {}): void {
    this.stack.configure({ ...this.config, ...more });
  }

  up(): Promise<PulumiResult> {
    return this.stack.run("up", "--yes", "--skip-preview");
  }

  /** What exists in the cloud of a type. */
  entries(type: string): Entry[] {
    return this.ledger.all().filter((entry) => entry.type === type);
  }

  dispose(): void {
    this.endpoint.stop();
    this.stack.dispose();
    rmSync(this.folder, { recursive: true });
  }

  /** Lets an update fail at a creation and the next one finish: nothing that was made is unknown to the state. */
  async failAndConverge(creation: number, up: () => Promise<PulumiResult> = () => this.up()): Promise<void> {
    this.ledger.failAt(creation);
    const failed = await up();
    assert.notEqual(failed.code, 0);
    assert.ok(failed.output.includes(`the double was told to fail at creation ${creation}`), failed.output);
    const { code, output } = await up();
    assert.equal(code, 0, output);
    const state = JSON.parse(await this.stack.state()) as { deployment: { resources: { urn: string }[] } };
    const known = new Set(state.deployment.resources.map(({ urn }) => urn));
    for (const { urn } of this.ledger.all()) assert.ok(known.has(urn), `the state lost ${urn}`);
  }

  /** A second preview sees nothing to do. */
  async changesNothing(): Promise<void> {
    const { code, output } = await this.stack.run("preview", "--expect-no-changes");
    assert.equal(code, 0, output);
  }

  /** No secret, of which there are more than a number, stands in state, preview or diff. */
  async keepsSecrets(number: number): Promise<void> {
    const { output } = await this.stack.run("preview", "--diff");
    const state = await this.stack.state();
    const values = this.entries("aws:secretsmanager/secretVersion:SecretVersion").map(({ outputs }) => String(outputs["secretString"]));
    assert.ok(values.length > number, `${values.length} secrets`);
    for (const value of values) assert.ok(!state.includes(value) && !output.includes(value), "a secret is in clear");
  }
}
