import type { AppRunner } from "@aws-sdk/client-apprunner";
import type { AutoScaling } from "@aws-sdk/client-auto-scaling";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { ECS } from "@aws-sdk/client-ecs";
import type { SSM } from "@aws-sdk/client-ssm";

/*
 * Clients with the user's credentials; AWS_ENDPOINT_URL, which the SDK reads, names another endpoint. The SDK is loaded when it is
 * asked for: stacks without AWS do not wait for it. A stack asks for all its services at once, so throttling is met with patience.
 */

/** Tries of one call. */
const maxAttempts = 10;

/** A client of Amazon ECS. */
export async function ecsClient(region: string): Promise<ECS> {
  const sdk = await import("@aws-sdk/client-ecs");
  return new sdk.ECS({ region, maxAttempts });
}

/** A client of CloudWatch Logs. */
export async function logsClient(region: string): Promise<CloudWatchLogs> {
  const sdk = await import("@aws-sdk/client-cloudwatch-logs");
  return new sdk.CloudWatchLogs({ region, maxAttempts });
}

/** A client of AWS App Runner. */
export async function appRunnerClient(region: string): Promise<AppRunner> {
  const sdk = await import("@aws-sdk/client-apprunner");
  return new sdk.AppRunner({ region, maxAttempts });
}

/** A client of AWS Systems Manager. */
export async function ssmClient(region: string): Promise<SSM> {
  const sdk = await import("@aws-sdk/client-ssm");
  return new sdk.SSM({ region, maxAttempts });
}

/** A client of EC2 Auto Scaling. */
export async function autoScalingClient(region: string): Promise<AutoScaling> {
  const sdk = await import("@aws-sdk/client-auto-scaling");
  return new sdk.AutoScaling({ region, maxAttempts });
}
