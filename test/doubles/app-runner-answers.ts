import type { Entry, Ledger } from "./ledger";

type Answer = Readonly<Record<string, unknown>>;

/** What our double of the App Runner API answers of the services of an imagined cloud: each runs what it was told, unless a test says otherwise. */
export class AppRunnerAnswers {
  /** Logical names of services whose last deployment was rolled back, with the image that they went back to. */
  readonly rolledBack = new Map<string, string>();

  constructor(private readonly ledger: Ledger) {}

  answer(operation: "DescribeService" | "ListOperations", arn: string): Answer {
    const service = this.ledger.all().find(({ type, outputs }) => type === "aws:apprunner/service:Service" && outputs["arn"] === arn);
    if (service === undefined) return {};
    const rolledBack = this.rolledBack.get(service.name);
    return operation === "DescribeService"
      ? { Service: { ServiceName: service.outputs["serviceName"], ServiceId: service.outputs["serviceId"], Status: "RUNNING", SourceConfiguration: { ImageRepository: { ImageIdentifier: rolledBack ?? imageOf(service), ImageRepositoryType: "ECR" } } } }
      : { OperationSummaryList: [{ Id: "1", Type: "UPDATE_SERVICE", Status: rolledBack === undefined ? "SUCCEEDED" : "ROLLBACK_SUCCEEDED", StartedAt: 1 }] };
  }
}

/** The image that a service was told to run. */
export function imageOf(service: Entry): string {
  return (service.outputs["sourceConfiguration"] as { readonly imageRepository: { readonly imageIdentifier: string } }).imageRepository.imageIdentifier;
}
