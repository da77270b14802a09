import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { cloudNativePg } from "../add-ons/cloudnative-pg";
import { labelsOf } from "../labels";
import { KubernetesSecret } from "../secret";
import { operatedObject, operatedPolicy, type Operated, type OperatedArgs } from "./place";

const port = 5432;
const administrator = "postgres";

/** PostgreSQL 16 by CloudNativePG: three instances in production, with failover; one else. */
export class OperatedPostgres extends pulumi.ComponentResource implements Operated {
  readonly resource: pulumi.Resource;
  readonly bindings: Readonly<Record<string, pulumi.Input<string>>>;

  /** @throws Error without an administrator's password */
  constructor(name: string, args: OperatedArgs, options: pulumi.ComponentResourceOptions) {
    super("somastack:eks:OperatedPostgres", name, {}, options);
    const { place: { namespace, platform, stack }, spec: { password, storageGib }, production } = args;
    if (password === undefined) throw new Error(`${name} needs a password`);
    const parent = { parent: this };
    const labels = labelsOf(name, stack);
    // CloudNativePG takes user and password from one Secret of this type.
    const account = new k8s.core.v1.Secret(`${name}-superuser`, {
      metadata: { name: `${name}-superuser`, namespace: namespace.name, labels },
      type: "kubernetes.io/basic-auth",
      stringData: { username: administrator, password: KubernetesSecret.of(password).value },
    }, { ...parent, provider: namespace.provider });
    const policy = operatedPolicy(name, { "cnpg.io/cluster": name }, port, cloudNativePg.chart.namespace, args, parent);
    this.resource = operatedObject(name, {
      apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", ready: "condition=Ready",
      spec: {
        instances: production ? 3 : 1,
        imageName: "ghcr.io/cloudnative-pg/postgresql:16.10",
        enableSuperuserAccess: true,
        superuserSecret: { name: account.metadata.name },
        // Its pods carry the name that the policies of their callers look for.
        inheritedMetadata: { labels },
        storage: { size: `${storageGib}Gi`, ...(platform.cluster.storageClass === undefined ? {} : { storageClass: platform.cluster.storageClass }) },
        postgresql: { parameters: { max_connections: "200" } },
        resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "1", memory: "2Gi" } },
        affinity: { enablePodAntiAffinity: true, topologyKey: "kubernetes.io/hostname", podAntiAffinityType: "preferred" },
      },
    }, { ...args, waitFor: [...args.waitFor, policy] }, parent);
    this.bindings = { host: `${name}-rw`, port: String(port), user: administrator, database: administrator };
    this.registerOutputs({});
  }
}
