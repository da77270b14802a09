import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { DataKind } from "../../services/types";
import { certificate } from "../aws/certificate";
import { createData } from "../aws/data/create";
import { AwsFoundation } from "../aws/foundation";
import { AwsImage } from "../aws/images";
import { AwsSecret } from "../aws/secrets";
import { bucketStatements } from "../aws/statements";
import { webAcl } from "../aws/waf";
import type { DataSpec, EntrySpec, ImageSource, Options, SecretRef, SecretSource, Service, TargetContext, WorkloadSpec } from "../target";
import { dnsAccount } from "./add-ons/external-dns";
import { absentAddOns, installAddOns, isInstalled } from "./add-ons/install";
import { controllerAccount } from "./add-ons/load-balancer-controller";
import { dnsRights, loadBalancerRights } from "./add-ons/load-balancer-rights";
import { AwsCluster } from "./aws-cluster";
import type { Cluster, WayIn } from "./cluster";
import { KubernetesImage, sourceUser } from "./image";
import type { Platform } from "./platform";
import { associate } from "./pod-identity";
import { KubernetesSecret } from "./secret";

/** A new cluster on AWS: images in ECR, secrets in Secrets Manager beside the cluster's own, managed data. */
export class AwsPlatform extends pulumi.ComponentResource implements Platform {
  readonly cluster: Cluster;
  private readonly foundation: AwsFoundation;
  private readonly rules = new Map<string, pulumi.Resource>();
  private readonly nodeSecurityGroupId: pulumi.Output<string>;
  private readonly clusterName: pulumi.Output<string>;

  constructor(name: string, context: TargetContext) {
    const foundation = new AwsFoundation(context, { privateDns: false });
    super("somastack:eks:AwsPlatform", name, {}, { parent: context.parent, providers: [foundation.provider] });
    this.foundation = foundation;
    const cluster = new AwsCluster(name, foundation, { parent: this, providers: [foundation.provider] });
    this.nodeSecurityGroupId = cluster.nodeSecurityGroupId;
    this.clusterName = cluster.name;
    const parts = { foundation, name: cluster.name, nodeSecurityGroupId: cluster.nodeSecurityGroupId };
    const { values } = context;
    const below = { parent: this, provider: foundation.provider };
    const { hostedZoneId } = values;
    const without = absentAddOns(values.cluster);
    const roles = {
      "aws-load-balancer-controller": isInstalled("aws-load-balancer-controller", without, parts)
        ? associate("aws-load-balancer-controller", controllerAccount, cluster.name, { statements: loadBalancerRights }, this) : [],
      "external-dns": isInstalled("external-dns", without, parts) && hostedZoneId !== undefined
        ? associate("external-dns", dnsAccount, cluster.name, { statements: dnsRights(hostedZoneId) }, this) : [],
    };
    const waitFor = { ...roles, ...Object.fromEntries((["metrics-server", "cert-manager", "vertical-pod-autoscaler", "kube-state-metrics", "cloudnative-pg", "strimzi", "redis-operator"] as const).map((addOn) => [addOn, cluster.ready])) };
    waitFor["aws-load-balancer-controller"] = [...roles["aws-load-balancer-controller"], ...cluster.ready];
    waitFor["external-dns"] = [...roles["external-dns"], ...cluster.ready];
    const addOns = installAddOns(cluster.provider, without, parts, this, waitFor);
    this.cluster = {
      provider: cluster.provider,
      storageClass: cluster.storageClass,
      wayIn: loadBalancers(context, foundation, certificate(context, below), values.waf ? webAcl(context.stack, undefined, below).arn : undefined),
      ready: [...cluster.ready, ...addOns],
      aws: parts,
      outputs: {
        cluster: `somastack-${context.stack}`, kubernetes: cluster.version, region: values.region, vpcId: foundation.network.vpcId, alarmTopic: foundation.alarms.topic.arn,
      },
    };
    this.registerOutputs({});
  }

  secret(name: string, source: SecretSource, options: Options): { readonly value: pulumi.Output<string>; readonly managed: SecretRef } {
    const secret = new AwsSecret(name, this.foundation, source.kind === "text" ? { ...source, parts: source.parts.map(managedPart) } : source, options);
    return { value: secret.value, managed: secret };
  }

  image(name: string, source: ImageSource, options: Options): KubernetesImage {
    return new KubernetesImage(name, new AwsImage(name, this.foundation, source, options).reference, sourceUser(source));
  }

  data(kind: DataKind, name: string, spec: DataSpec, options: Options): Service {
    return createData(this.foundation, kind, name, spec, options);
  }

  grant(name: string, namespace: pulumi.Output<string>, calls: WorkloadSpec["calls"], parent: pulumi.Resource): pulumi.Resource[] {
    const { objectStores, key, context } = this.foundation;
    const stores = calls.flatMap(({ service }) => objectStores.get(service) ?? []);
    const statements = stores.flatMap(({ bucketArn }) => bucketStatements(bucketArn, key.arn, context.values.region));
    const rules = calls.filter(({ service }) => !objectStores.has(service)).map(({ service, port }) => this.open(service, port));
    return [...rules, ...(statements.length === 0 ? [] : associate(name, { namespace, name }, this.clusterName, { statements }, parent))];
  }

  /** A managed service takes connections from the nodes, whose group the pods share; network policies tell the pods apart. */
  private open(service: string, port: number): pulumi.Resource {
    const key = `nodes-to-${service}-${port}`;
    const rule = this.rules.get(key) ?? new aws.vpc.SecurityGroupIngressRule(key, {
      securityGroupId: this.foundation.securityGroups.of(service).id, referencedSecurityGroupId: this.nodeSecurityGroupId, fromPort: port, toPort: port, ipProtocol: "tcp", description: "from the nodes",
    }, { parent: this });
    this.rules.set(key, rule);
    return rule;
  }
}

function managedPart(part: pulumi.Input<string> | SecretRef): pulumi.Input<string> | SecretRef {
  return part instanceof KubernetesSecret ? (part.managed ?? part.value) : part;
}

/**
 * One Application Load Balancer for each visibility. A target is a ready pod, so the load balancer's own question only has to be
 * answered: by address, where an application insists on its host name, with a refusal.
 */
function loadBalancers({ stack }: TargetContext, { network }: AwsFoundation, certificateArn: pulumi.Input<string>, webAclArn: pulumi.Input<string> | undefined): WayIn {
  return {
    className: "alb",
    tlsSecret: false,
    peers: [{ ipBlock: { cidr: network.cidr } }],
    annotations: ({ visibility, health }: EntrySpec) => {
      const subnets = visibility === "public" ? network.publicSubnetIds : network.privateSubnetIds;
      const fields: Record<string, pulumi.Input<string>> = {
        "group.name": `somastack-${stack}-${visibility}`,
        "load-balancer-name": `somastack-${stack}-${visibility}`.slice(0, 32),
        scheme: visibility === "public" ? "internet-facing" : "internal",
        subnets: subnets.apply((ids) => ids.join(",")),
        "target-type": "ip",
        "listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
        "ssl-redirect": "443",
        "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        "certificate-arn": certificateArn,
        "inbound-cidrs": visibility === "public" ? "0.0.0.0/0" : network.cidr,
        "healthcheck-port": String(health.port),
        "healthcheck-path": health.path,
        // The readiness probe of the pod asks with the right Host header, and pods that fail it are no targets; the load balancer cannot send one,
        // so that a refusal for its own sake must not take a ready pod away.
        "success-codes": health.host === undefined ? "200-299" : "200-499",
        "load-balancer-attributes": "idle_timeout.timeout_seconds=3600,routing.http.drop_invalid_header_fields.enabled=true",
      };
      if (visibility === "public" && webAclArn !== undefined) fields["wafv2-acl-arn"] = webAclArn;
      return Object.fromEntries(Object.entries(fields).map(([field, value]) => [`alb.ingress.kubernetes.io/${field}`, value]));
    },
  };
}
