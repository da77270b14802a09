import type { IncomingHttpHeaders } from "node:http";

import { AppRunnerAnswers } from "./app-runner-answers";
import { Endpoint, jsonAnswer, operationOf, type Answer } from "./endpoint";
import { ExpressAnswers } from "./express-answers";
import type { Ledger } from "./ledger";

/**
 * Our double of the ECS API for the jobs and rollouts of a stack whose cluster is imagined: every task ends at once, every
 * service runs what the double of the plugin was told, unless a test says otherwise.
 */
export class EcsEndpoint extends Endpoint {
  /** Families whose tasks end with another exit code than 0. */
  readonly failing = new Map<string, number>();
  /** Services, by name, that run this task definition whatever they were told: as after a rollback. */
  readonly rolledBack = new Map<string, string>();
  /** Families of the tasks that were run, in order. */
  readonly ran: string[] = [];
  /** The same of App Runner. */
  readonly appRunner: AppRunnerAnswers;
  /** The same of services of Express Mode. */
  readonly express: ExpressAnswers;

  constructor(private readonly ledger: Ledger) {
    super();
    this.appRunner = new AppRunnerAnswers(ledger);
    this.express = new ExpressAnswers(ledger);
  }

  protected override respond(headers: IncomingHttpHeaders, body: string): ReturnType<typeof jsonAnswer> {
    const operation = operationOf(headers) ?? "";
    const input = JSON.parse(body) as Answer;
    return jsonAnswer(this.express.answer(operation, input) ?? this.answer(operation, input));
  }

  private answer(operation: string, input: Answer): Answer {
    switch (operation) {
      case "RunTask":
        return this.run(String(input["taskDefinition"]));
      case "DescribeTasks":
        return { tasks: (input["tasks"] as string[]).map((arn) => this.task(arn)) };
      case "ListTasks":
        return { taskArns: [] };
      case "DescribeServices":
        return { services: (input["services"] as string[]).map((name) => this.service(name)) };
      case "ListServiceDeployments":
        return { serviceDeployments: [] };
      case "UpdateService":
        return { service: this.service(String(input["service"])) };
      case "DescribeService":
      case "ListOperations":
        return this.appRunner.answer(operation, String(input["ServiceArn"]));
      case "GetLogEvents":
        return { events: [{ message: "the job's last words", timestamp: 0 }] };
      default:
        return {};
    }
  }

  private run(taskDefinition: string): Answer {
    const family = familyOf(taskDefinition);
    this.ran.push(family);
    return { tasks: [{ taskArn: `arn:aws:ecs:us-east-1:123456789012:task/double/${family}` }] };
  }

  private task(taskArn: string): Answer {
    const family = taskArn.split("/").at(-1) ?? "";
    const exitCode = this.failing.get(family) ?? 0;
    const definition = this.ledger.all().find(({ type, outputs }) => type === "aws:ecs/taskDefinition:TaskDefinition" && outputs["family"] === family);
    const containers = JSON.parse(String(definition?.outputs["containerDefinitions"] ?? "[]")) as { name: string }[];
    return { taskArn, lastStatus: "STOPPED", stopCode: "EssentialContainerExited", containers: containers.map(({ name }) => ({ name, exitCode })) };
  }

  private service(name: string): Answer {
    const told = this.ledger.all().find(({ type, outputs }) => type === "aws:ecs/service:Service" && outputs["name"] === name)?.outputs["taskDefinition"];
    const running = this.rolledBack.get(name) ?? told;
    return {
      serviceName: name, status: "ACTIVE", taskDefinition: running,
      deployments: [{ id: `ecs-svc/${name}`, status: "PRIMARY", taskDefinition: running, rolloutState: "COMPLETED", runningCount: 1, desiredCount: 1 }],
      events: [{ message: `(service ${name}) rolled back by the double` }],
    };
  }
}

function familyOf(taskDefinition: string): string {
  return taskDefinition.split("/").at(-1)?.split(":")[0] ?? taskDefinition;
}
