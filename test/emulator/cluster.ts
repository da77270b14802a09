import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { ECS } from "@aws-sdk/client-ecs";

import type { EcsJobInputs } from "../../provider/ecs-job";
import type { EcsRolloutInputs } from "../../provider/ecs-rollout";

const region = "us-east-1";
const logGroup = "/somastack/emulated";

/** A cluster of the emulator, and the real SDK's clients for it. */
export class Cluster {
  readonly ecs: ECS;
  readonly logs: CloudWatchLogs;
  readonly name = "emulated";
  /** Asks more often than production does. */
  readonly patience = { first: 100, longest: 400 };

  constructor(endpoint: string) {
    const options = { region, endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
    this.ecs = new ECS(options);
    this.logs = new CloudWatchLogs(options);
  }

  async create(): Promise<void> {
    await this.ecs.createCluster({ clusterName: this.name });
    await this.logs.createLogGroup({ logGroupName: logGroup });
  }

  /** Registers a revision that runs a shell script; without one it waits until it is stopped. Gives its ARN. */
  async register(family: string, script = "exec sleep 600"): Promise<string> {
    const { taskDefinition } = await this.ecs.registerTaskDefinition({
      family, networkMode: "awsvpc", cpu: "256", memory: "512",
      containerDefinitions: [{
        name: "main", image: "test@sha256:0", essential: true, command: ["sh", "-c", script],
        logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": logGroup, "awslogs-region": region, "awslogs-stream-prefix": family } },
      }],
    });
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  /** Creates a service with the circuit breaker that rolls back. */
  async serve(service: string, taskDefinition: string): Promise<void> {
    await this.ecs.createService({
      cluster: this.name, serviceName: service, taskDefinition, desiredCount: 1, launchType: "FARGATE",
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200, deploymentCircuitBreaker: { enable: true, rollback: true } },
    });
  }

  /** What Pulumi's own service resource does when the task definition changes. */
  async update(service: string, taskDefinition: string): Promise<void> {
    await this.ecs.updateService({ cluster: this.name, service, taskDefinition });
  }

  job(jobName: string, taskDefinition: string, more: Partial<EcsJobInputs> = {}): EcsJobInputs {
    return {
      jobName, region, cluster: this.name, taskDefinition, container: "main", capacityProvider: "FARGATE", packed: false, subnets: ["subnet-1"],
      securityGroups: ["sg-1"], logGroup, logStreamPrefix: jobName, timeoutSeconds: 30, ...more,
    };
  }

  rollout(service: string, taskDefinition: string): EcsRolloutInputs {
    return { region, cluster: this.name, service, taskDefinition, settings: "", timeoutSeconds: 60 };
  }

  /** The task definition that the service runs. */
  async running(service: string): Promise<string | undefined> {
    return (await this.ecs.describeServices({ cluster: this.name, services: [service] })).services?.[0]?.taskDefinition;
  }
}
