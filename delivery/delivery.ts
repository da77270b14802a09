import * as pulumi from "@pulumi/pulumi";
import * as service from "@pulumi/pulumiservice";

import { settingsArgs, type DeployFile } from "./deploy-file";
import { environmentYaml } from "./environment";
import type { DeliveredStack } from "./plan";

/** Project of the stacks that are delivered. */
const project = "somastack";

/** What a delivered stack is made from. */
export interface DeliveryArgs {
  readonly organization: string;
  readonly stack: string;
  readonly delivered: DeliveredStack;
  readonly file: DeployFile;
}

/** How one stack is delivered: its deployment settings, its environment and its schedules. */
export class Delivery extends pulumi.ComponentResource {
  /** `PROJECT/NAME` of the environment, for `pulumi config env add`. */
  readonly environment: pulumi.Output<string>;

  constructor(name: string, { organization, stack, delivered, file }: DeliveryArgs, options?: pulumi.ComponentResourceOptions) {
    super("somastack:delivery:Delivery", name, {}, options);
    const parent = { parent: this };
    const environment = new service.Environment(name, {
      organization, project, name: stack,
      yaml: new pulumi.asset.StringAsset(environmentYaml(delivered, file.operationContext.oidc.aws)),
    }, parent);
    this.environment = pulumi.interpolate`${environment.project}/${environment.name}`;
    // A template is never deployed itself: nobody has made it.
    const template = file.gitHub.pullRequestTemplate ? [new service.Stack(name, { organizationName: organization, projectName: project, stackName: stack }, parent)] : [];
    const settings = new service.DeploymentSettings(name, { organization, project, stack, ...settingsArgs(file) }, { ...parent, dependsOn: [environment, ...template] });
    const scheduled = { ...parent, dependsOn: [settings] };
    if (delivered.drift !== undefined) new service.DriftSchedule(name, { organization, project, stack, scheduleCron: delivered.drift, autoRemediate: false }, scheduled);
    if (delivered.until !== undefined) new service.TtlSchedule(name, { organization, project, stack, timestamp: delivered.until, deleteAfterDestroy: true }, scheduled);
    this.registerOutputs({ environment: this.environment });
  }
}
