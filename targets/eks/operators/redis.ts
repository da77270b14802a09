import * as pulumi from "@pulumi/pulumi";

import { redisOperator } from "../add-ons/redis-operator";
import { containerSecurityContext, podSecurityContext } from "../add-ons/restricted";
import { KubernetesSecret, secretKey } from "../secret";
import { operatedObject, operatedPolicy, type Operated, type OperatedArgs } from "./place";

const port = 6379;
const user = 1000;

/** Redis 7 by the Redis operator: one writer, with two replicas in production; the writer has a name of its own. */
export class OperatedRedis extends pulumi.ComponentResource implements Operated {
  readonly resource: pulumi.Resource;
  readonly bindings: Readonly<Record<string, pulumi.Input<string>>>;

  /** @throws Error without a password */
  constructor(name: string, args: OperatedArgs, options: pulumi.ComponentResourceOptions) {
    super("somastack:eks:OperatedRedis", name, {}, options);
    const { place: { platform }, spec: { password, storageGib }, production } = args;
    if (password === undefined) throw new Error(`${name} needs a password`);
    const parent = { parent: this };
    const policy = operatedPolicy(name, { app: name }, port, redisOperator.chart.namespace, args, parent);
    const { storageClass } = platform.cluster;
    this.resource = operatedObject(name, {
      // The operator has no condition; it writes down the writer once there is one.
      apiVersion: "redis.redis.opstreelabs.in/v1beta2", kind: "RedisReplication", ready: "jsonpath={.status.masterNode}",
      spec: {
        clusterSize: production ? 3 : 1,
        kubernetesConfig: {
          image: "quay.io/opstree/redis:v7.0.15", imagePullPolicy: "IfNotPresent",
          resources: { requests: { cpu: "500m", memory: "512Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
          redisSecret: { name: KubernetesSecret.of(password).objectName, key: secretKey },
        },
        storage: {
          volumeClaimTemplate: {
            spec: { accessModes: ["ReadWriteOnce"], ...(storageClass === undefined ? {} : { storageClassName: storageClass }), resources: { requests: { storage: `${storageGib}Gi` } } },
          },
        },
        podSecurityContext: { ...podSecurityContext, runAsUser: user, fsGroup: user },
        // The image writes its configuration into its own file system.
        securityContext: { ...containerSecurityContext, readOnlyRootFilesystem: false },
      },
    }, { ...args, waitFor: [...args.waitFor, policy] }, parent);
    this.bindings = { host: `${name}-master`, port: String(port) };
    this.registerOutputs({});
  }
}
