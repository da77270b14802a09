import { planSettings } from "../../../cli/plan-settings";
import { recordStack } from "../../../plan/plan";
import type { Registered } from "../../../plan/record";
import { stack } from "../support";

/** A step of an update: a job on the operations instance, or a group that comes to run its document. */
export interface Step {
  readonly kind: "job" | "group";
  readonly name: string;
  /** Of its document in the bucket. */
  readonly key: string;
  readonly seconds: number;
}

/** A container of a document, as far as the tests read it. */
export interface Ec2Container {
  readonly environment: Readonly<Record<string, string>>;
  readonly deploy: { readonly resources: { readonly limits: { readonly cpus: string } } };
  readonly volumes?: readonly string[];
}

/** A document, as far as the tests read it. */
export interface Ec2Document {
  readonly "x-somastack": {
    readonly secrets: readonly { readonly arn: string; readonly version: string }[];
    readonly names: readonly { readonly id: string; readonly address: string }[];
    readonly volumes: readonly { readonly name: string; readonly id: string }[];
    readonly credentials: readonly { readonly name: string; readonly role: string }[];
  };
  readonly services: Readonly<Record<string, Ec2Container>>;
  readonly configs?: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes?: Readonly<Record<string, { readonly driver_opts: { readonly device: string } }>>;
}

/** What the program gives to instances. */
export interface Release {
  /** In the order in which the program makes them. */
  readonly steps: readonly Step[];
  /** Text by key. */
  readonly documents: ReadonlyMap<string, string>;
  /** Values by version. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Domain of the in-network names. */
  readonly namespace: string;
}

/** Runs the program for EC2 and keeps what instances would get; only what AWS itself answers is imagined. */
export async function releaseOfStack(): Promise<Release> {
  const { registered } = await recordStack(planSettings(stack, "EC2", []));
  const of = (type: string): readonly Registered[] => registered.filter((resource) => resource.type === type);
  const text = (resource: Registered | undefined, input: string): string => String(resource?.inputs[input]);
  const documents = new Map(of("aws:s3/bucketObjectv2:BucketObjectv2").map((object) => [text(object, "key"), text(object, "content")]));
  const keyOf = (group: string): string => [...documents.keys()].find((key) => key.startsWith(`groups/${group}/`)) ?? "";
  const versions = of("aws:secretsmanager/secretVersion:SecretVersion");
  const valueOf = (arn: string): string => {
    const version = versions.find((resource) => arn.replace(/-[0-9a-f]{6}$/, "").endsWith(`:secret:${text(resource, "secretId")}`));
    return String((version?.inputs["secretString"] as { readonly value: string } | undefined)?.value);
  };
  return {
    steps: registered.flatMap((resource): Step[] => {
      const { type, name } = resource;
      if (type === "somastack:ec2:Job") return [{ kind: "job", name, key: text(resource, "key"), seconds: Number(resource.inputs["timeoutSeconds"]) }];
      return type === "somastack:ec2:Refresh" ? [{ kind: "group", name, key: keyOf(name), seconds: Number(resource.inputs["timeoutSeconds"]) }] : [];
    }),
    documents,
    secrets: new Map([...documents.values()].flatMap((content) => parsed(content)["x-somastack"].secrets.map(({ arn, version }) => [version, valueOf(arn)] as const))),
    namespace: text(of("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace")[0], "name"),
  };
}

/** A document's content. */
export function parsed(content: string): Ec2Document {
  return JSON.parse(content) as Ec2Document;
}
