import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import { resourcesOf } from "../aws/dependencies";
import { AwsImage } from "../aws/images";
import { AwsSecret } from "../aws/secrets";
import { pullStatements, repositoryArn, secretStatements } from "../aws/statements";
import { taskRole } from "../ecs/roles";
import { openConnections, ownStatements } from "../ecs/task";
import type { EntrySpec, Options, ServiceSpec } from "../target";
import { addAlarms } from "./alarms";
import { customDomain, type DomainRecords } from "./domain";
import { fingerprint, physicalName } from "./names";
import { healthCheck } from "./health";
import { AppRunnerRollout } from "./rollout";

/** What an App Runner service is made from. */
export interface AppRunnerArgs {
  readonly spec: ServiceSpec;
  readonly entry: EntrySpec;
  /** Web ACL before it, where the settings want one. */
  readonly webAclArn: pulumi.Input<string> | undefined;
}

/** Requests that one instance works on at once; more make App Runner add one. */
const requestsPerInstance = 80;

/** Longest deployment, in seconds: images are large, and App Runner bears many failures before it rolls back. */
const deploymentSeconds = 2400;

/**
 * A service on App Runner: roles, a connector into the network, its instances and their scaling, its domain and its alarms. `rollout`
 * is there once App Runner runs the wanted image with the wanted settings.
 */
export class AppRunnerService extends pulumi.ComponentResource {
  readonly rollout: AppRunnerRollout;
  readonly records: DomainRecords;

  constructor(name: string, foundation: AwsFoundation, { spec, entry, webAclArn }: AppRunnerArgs, { parent: owner, dependsOn }: Options) {
    super("somastack:apprunner:Service", name, {}, { ...(owner === undefined ? {} : { parent: owner }), providers: [foundation.provider] });
    const parent = { parent: this };
    const { context: { stack, values: { region, hostedZoneId } }, key, network } = foundation;
    const image = AwsImage.of(spec.image).reference;
    const secrets = Object.entries(spec.secrets).map(([variable, reference]) => ({ variable, secret: AwsSecret.of(reference) }));
    const secretArns = [...new Set(secrets.map(({ secret }) => secret))].map(({ arn }) => arn);

    const access = taskRole(`${name}-access`, [...pullStatements([image]), { actions: ["ecr:DescribeImages"], resources: [image.apply(repositoryArn)] }], this, "build.apprunner.amazonaws.com");
    const instance = taskRole(name, [...secretStatements(secretArns, key.arn, region), ...ownStatements(foundation, spec, [])], this, "tasks.apprunner.amazonaws.com");
    const connector = new aws.apprunner.VpcConnector(name, {
      vpcConnectorName: physicalName(name, stack, 40),
      subnets: network.privateSubnetIds,
      securityGroups: [openConnections(name, foundation, spec, false).id],
    }, parent);
    const scaling = new aws.apprunner.AutoScalingConfigurationVersion(name, {
      autoScalingConfigurationName: physicalName(name, stack, 32), minSize: spec.replicas.min, maxSize: spec.replicas.max, maxConcurrency: requestsPerInstance,
    }, parent);

    const settings = {
      autoScalingConfigurationArn: scaling.arn,
      healthCheckConfiguration: healthCheck(entry, spec.health),
      instanceConfiguration: { cpu: String(Math.round(spec.cpu * 1024)), memory: String(spec.memoryMib), instanceRoleArn: instance.role.arn },
      networkConfiguration: {
        egressConfiguration: { egressType: "VPC", vpcConnectorArn: connector.arn },
        ingressConfiguration: { isPubliclyAccessible: true },
      },
      sourceConfiguration: {
        authenticationConfiguration: { accessRoleArn: access.role.arn },
        autoDeploymentsEnabled: false,
        imageRepository: {
          imageIdentifier: image,
          imageRepositoryType: "ECR",
          imageConfiguration: {
            port: String(entry.port),
            ...(spec.command === undefined ? {} : { startCommand: spec.command.join(" ") }),
            runtimeEnvironmentVariables: { ...spec.environment, SOMASTACK_SECRET_VERSIONS: versionsOf(secrets.map(({ secret }) => secret)) },
            runtimeEnvironmentSecrets: Object.fromEntries(secrets.map(({ variable, secret }) => [variable, secret.arn])),
          },
        },
      },
    };
    const service = new aws.apprunner.Service(name, {
      serviceName: physicalName(name, stack, 40),
      encryptionConfiguration: { kmsKey: key.arn },
      ...settings,
    }, { ...parent, dependsOn: [...resourcesOf(dependsOn), ...access.policies, ...instance.policies] });
    this.rollout = new AppRunnerRollout(name, {
      region, service: service.arn, serviceName: name, image, settings: pulumi.jsonStringify(settings).apply(fingerprint), timeoutSeconds: deploymentSeconds,
    }, { ...parent, dependsOn: [service] });
    this.records = customDomain(name, entry.hostname, service, { zoneId: hostedZoneId, region }, parent);
    if (webAclArn !== undefined) new aws.wafv2.WebAclAssociation(name, { resourceArn: service.arn, webAclArn }, parent);
    addAlarms(name, foundation, service, this);
    this.registerOutputs({});
  }
}

/** Changes with the value of any secret: App Runner reads secrets when it deploys, and a new value alone is no reason for it to do so. */
function versionsOf(secrets: readonly AwsSecret[]): pulumi.Output<string> {
  return pulumi.all([...new Set(secrets)].map(({ version }) => version.versionId)).apply((ids) => fingerprint([...ids].sort().join(" ")));
}
