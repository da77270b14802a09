import type { IncomingHttpHeaders } from "node:http";

import { Endpoint, jsonAnswer, operationOf, type Answer } from "./endpoint";
import type { Entry, Ledger } from "./ledger";

/** A run of an association. */
interface Execution {
  readonly ExecutionId: string;
  readonly AssociationVersion: string;
  readonly Status: "Success" | "Failed";
  readonly CreatedTime: number;
}

/**
 * Our double of the SSM and Auto Scaling APIs for the jobs and refreshes of a stack whose instances are imagined: every association
 * runs at once when it changes, every group runs the version that a refresh asked for, unless a test says otherwise.
 */
export class Ec2Endpoint extends Endpoint {
  /** Jobs that end with another exit code than 0. */
  readonly failing = new Map<string, number>();
  /** Groups whose refreshes are rolled back. */
  readonly unhealthy = new Set<string>();
  /** What was done, in order: `job NAME`, `refresh GROUP`. */
  readonly done: string[] = [];
  private readonly executions = new Map<string, Execution[]>();
  private readonly versions = new Map<string, string>();
  private readonly refreshes = new Map<string, { readonly id: string; readonly status: string }>();
  private clock = 0;

  constructor(private readonly ledger: Ledger) {
    super();
  }

  protected override respond(headers: IncomingHttpHeaders, body: string): ReturnType<typeof jsonAnswer> {
    const operation = operationOf(headers);
    return operation === undefined ? { type: "text/xml", content: this.xml(new URLSearchParams(body)) } : jsonAnswer(this.json(operation, JSON.parse(body) as Answer));
  }

  private json(operation: string, input: Answer): Answer {
    const association = String(input["AssociationId"]);
    switch (operation) {
      case "DescribeAssociation":
        return { AssociationDescription: { AssociationVersion: this.versionOf(association), Parameters: { Key: [this.parameters(association)["Key"]] } } };
      case "DescribeAssociationExecutions":
        if (!(this.executions.get(association) ?? []).some(({ AssociationVersion }) => AssociationVersion === this.versionOf(association))) this.execute(association);
        return { AssociationExecutions: this.executions.get(association) };
      case "DescribeAssociationExecutionTargets":
        return { AssociationExecutionTargets: (this.executions.get(association) ?? []).filter(({ ExecutionId }) => ExecutionId === input["ExecutionId"]).map(({ Status }) => ({ ResourceId: "i-0123456789abcdef0", Status, OutputSource: { OutputSourceId: association, OutputSourceType: "RunCommand" } })) };
      case "StartAssociationsOnce":
        for (const id of input["AssociationIds"] as string[]) this.execute(id);
        return {};
      case "GetCommandInvocation":
        return { ResponseCode: this.failing.get(this.parameters(String(input["CommandId"]))["Name"] ?? "") ?? 0, StandardErrorContent: "the instance's last words" };
      case "GetLogEvents":
        return { events: [{ message: "the job's last words", timestamp: 0 }] };
      default:
        return {};
    }
  }

  /** Parameters of an association, by its id, as the double of the plugin was told. */
  private parameters(association: string): Readonly<Record<string, string>> {
    return (this.entries("aws:ssm/association:Association").find(({ outputs }) => outputs["associationId"] === association)?.outputs["parameters"] ?? {}) as Record<string, string>;
  }

  /** Other parameters are another version. */
  private versionOf(association: string): string {
    return this.parameters(association)["Key"] ?? "none";
  }

  private execute(association: string): void {
    const name = this.parameters(association)["Name"] ?? "";
    this.done.push(`job ${name}`);
    this.clock += 1;
    const run: Execution = { ExecutionId: `e-${this.clock}`, AssociationVersion: this.versionOf(association), Status: this.failing.has(name) ? "Failed" : "Success", CreatedTime: this.clock };
    this.executions.set(association, [run, ...(this.executions.get(association) ?? [])]);
  }

  private entries(type: string): Entry[] {
    return this.ledger.all().filter((entry) => entry.type === type);
  }

  /** Auto Scaling speaks the query protocol. */
  private xml(input: URLSearchParams): string {
    const action = input.get("Action") ?? "";
    const group = input.get("AutoScalingGroupName") ?? input.get("AutoScalingGroupNames.member.1") ?? "";
    return `<${action}Response><${action}Result>${this.result(action, group, input)}</${action}Result></${action}Response>`;
  }

  private result(action: string, group: string, input: URLSearchParams): string {
    switch (action) {
      case "DescribeAutoScalingGroups":
        return `<AutoScalingGroups>${this.group(group)}</AutoScalingGroups>`;
      case "StartInstanceRefresh":
        return this.refresh(group, input.get("DesiredConfiguration.LaunchTemplate.Version") ?? "");
      case "DescribeInstanceRefreshes": {
        const found = this.refreshes.get(group);
        return `<InstanceRefreshes>${found === undefined ? "" : `<member><InstanceRefreshId>${found.id}</InstanceRefreshId><Status>${found.status}</Status><StatusReason>told by the double</StatusReason></member>`}</InstanceRefreshes>`;
      }
      default:
        return "<Activities></Activities>";
    }
  }

  private refresh(group: string, version: string): string {
    this.done.push(`refresh ${group}`);
    this.clock += 1;
    const id = `r-${this.clock}`;
    const well = !this.unhealthy.has(group);
    if (well) this.versions.set(group, version);
    this.refreshes.set(group, { id, status: well ? "Successful" : "RollbackSuccessful" });
    return `<InstanceRefreshId>${id}</InstanceRefreshId>`;
  }

  /** A group with one healthy instance of its version: that of its creation until a refresh changes it. */
  private group(name: string): string {
    const found = this.entries("aws:autoscaling/group:Group").find(({ outputs }) => outputs["name"] === name)?.outputs;
    if (found === undefined) return "";
    const created = found["launchTemplate"] as { id: string; version: string };
    const template = `<LaunchTemplate><LaunchTemplateId>${created.id}</LaunchTemplateId><Version>${this.versions.get(name) ?? created.version}</Version></LaunchTemplate>`;
    const instance = `<member><InstanceId>i-0123456789abcdef0</InstanceId><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus>${template}</member>`;
    return `<member><AutoScalingGroupName>${name}</AutoScalingGroupName><DesiredCapacity>1</DesiredCapacity>${template}<Instances>${instance}</Instances></member>`;
  }
}
