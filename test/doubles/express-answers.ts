import type { Entry, Ledger } from "./ledger";

type Answer = Readonly<Record<string, unknown>>;

const definition = (name: string, revision: number): string => `arn:aws:ecs:us-east-1:123456789012:task-definition/express-${name}:${revision}`;

/** What our double of the ECS API answers of the Express services of an imagined cloud: each runs what it was told, unless a test says otherwise. */
export class ExpressAnswers {
  /** Names of services whose deployments are rolled back. */
  readonly rolledBack = new Set<string>();

  constructor(private readonly ledger: Ledger) {}

  /** The answer; undefined when the question is about no Express service. */
  answer(operation: string, input: Answer): Answer | undefined {
    const asked = [input["service"], ...["services", "serviceDeploymentArns", "serviceRevisionArns"].flatMap((key) => (input[key] as string[] | undefined) ?? [])].flatMap((text) => (typeof text === "string" ? text.split("/").at(-1) ?? [] : []));
    const service = this.ledger.all().find(({ type, outputs }) => type === "aws:ecs/expressGatewayService:ExpressGatewayService" && asked.includes(String(outputs["serviceName"])));
    return service === undefined ? undefined : this.about(operation, service);
  }

  private about(operation: string, { outputs }: Entry): Answer | undefined {
    const name = String(outputs["serviceName"]);
    const { image } = outputs["primaryContainer"] as { readonly image: string };
    const bad = this.rolledBack.has(name);
    const deployment = { serviceDeploymentArn: `arn:aws:ecs:us-east-1:123456789012:service-deployment/c/${name}`, status: bad ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL", statusReason: "said by the double" };
    const revision = `arn:aws:ecs:us-east-1:123456789012:service-revision/c/${name}`;
    switch (operation) {
      case "ListServiceDeployments":
        return { serviceDeployments: [{ ...deployment, targetServiceRevisionArn: revision, createdAt: 1 }] };
      case "DescribeServiceDeployments":
        return { serviceDeployments: [{ ...deployment, targetServiceRevision: { arn: revision } }] };
      case "DescribeServiceRevisions":
        return { serviceRevisions: [{ serviceRevisionArn: revision, taskDefinition: definition(name, 2), containerImages: [{ containerName: "Main", image }] }] };
      case "DescribeServices":
        return { services: [{ serviceName: name, status: "ACTIVE", deployments: [{ id: name, status: "PRIMARY", taskDefinition: definition(name, bad ? 1 : 2), rolloutState: "COMPLETED", runningCount: 1, desiredCount: 1 }], events: [{ message: `(service ${name}) rolled back by the double` }] }] };
      default:
        return undefined;
    }
  }
}
