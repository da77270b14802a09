import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsFoundation } from "../aws/foundation";
import { renderDocument, type Part } from "./document";
import { Ec2Job } from "./job";
import type { Ec2Task } from "./member";
import type { Releases } from "./releases";

/** Digits of a document's hash that name the log stream of its run; the instance's script takes as many. */
const streamDigits = 12;

/** Time of a job's run besides its own, in seconds: fetching its image and secrets. */
const preparationSeconds = 600;

/** Runs jobs on the operations instance: one SSM document for all of them, one association each. */
export class JobRunner extends pulumi.ComponentResource {
  private readonly document: aws.ssm.Document;

  /**
   * @param group group of the instance
   * @param ready the instance can be asked once this is there
   */
  constructor(name: string, private readonly foundation: AwsFoundation, private readonly releases: Releases, private readonly group: string, private readonly ready: pulumi.Resource, options: pulumi.ComponentResourceOptions) {
    super("somastack:ec2:JobRunner", name, {}, options);
    this.document = new aws.ssm.Document(name, {
      name: `somastack-${foundation.context.stack}-job`,
      documentType: "Command",
      documentFormat: "JSON",
      targetType: "/AWS::EC2::Instance",
      content: JSON.stringify(jobDocument),
    }, { parent: this });
    this.registerOutputs({});
  }

  /** Runs a job to its end when it has not run for this very document. */
  run(job: Ec2Task, part: pulumi.Output<Part>): void {
    const { memberName, spec: { timeoutSeconds }, dependsOn } = job;
    const { context: { stack, values: { region } }, logs } = this.foundation;
    const content = part.apply((known) => renderDocument({ region, parts: [known], volumes: [], stream: (name) => `${name}/\${SOMASTACK_RELEASE}` }));
    const release = this.releases.put(memberName, `jobs/${memberName}`, content, job);
    const association = new aws.ssm.Association(memberName, {
      name: this.document.name,
      associationName: `somastack-${stack}-${memberName}`,
      documentVersion: this.document.latestVersion,
      parameters: { Name: memberName, Key: release.key, Seconds: String(timeoutSeconds) },
      targets: [{ key: "tag:Name", values: [`somastack-${stack}-${this.group}`] }],
      maxConcurrency: "1",
      maxErrors: "0",
    }, { parent: job, dependsOn: [release.object, this.ready, ...dependsOn] });
    new Ec2Job(memberName, {
      jobName: memberName,
      region,
      association: association.associationId,
      key: release.key,
      logGroup: logs.group(memberName).name,
      logStream: release.key.apply((key) => `${memberName}/${(key.split("/").at(-1) ?? "").slice(0, streamDigits)}`),
      timeoutSeconds: timeoutSeconds + preparationSeconds,
    }, { parent: job, dependsOn: [association] });
  }
}

const parameter = (description: string, allowedPattern: string): object => ({ type: "String", description, allowedPattern });

/** What SSM does on the instance; the job itself, its image and the names of its secrets are in the document of the bucket. */
const jobDocument = {
  schemaVersion: "2.2",
  description: "Runs a job of SomaStack to its end, once a release.",
  parameters: {
    Name: parameter("The job.", "^[a-z][a-z0-9-]*$"),
    Key: parameter("Its document in the bucket of the releases.", "^jobs/[a-z0-9-]+/[0-9a-f]{64}\\.json$"),
    Seconds: parameter("Longest run.", "^[0-9]+$"),
  },
  mainSteps: [{
    action: "aws:runShellScript",
    name: "job",
    precondition: { StringEquals: ["platformType", "Linux"] },
    inputs: { timeoutSeconds: "172800", runCommand: ["exec /opt/somastack/somastack job '{{ Name }}' '{{ Key }}' '{{ Seconds }}'"] },
  }],
} as const;
