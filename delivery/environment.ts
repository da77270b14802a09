import { stringify } from "yaml";

import type { DeployFile } from "./deploy-file";
import type { DeliveredStack } from "./plan";

/** An environment of Pulumi ESC: the login to AWS without a stored key, and settings, of which the secrets stay in Secrets Manager. */
export function environmentYaml({ region, config }: DeliveredStack, { roleArn, sessionName }: DeployFile["operationContext"]["oidc"]["aws"]): string {
  const secrets = Object.entries(config).flatMap(([key, value]) => (typeof value === "object" ? [[key, value] as const] : []));
  const settings = Object.entries(config).map(([key, value]) => [`somastack:${key}`, typeof value === "object" ? `\${aws.secrets.${key}}` : value] as const);
  return stringify({
    values: {
      aws: {
        login: { "fn::open::aws-login": { oidc: { roleArn, sessionName, duration: "1h" } } },
        ...(secrets.length === 0 ? {} : { secrets: { "fn::open::aws-secrets": { region, login: "${aws.login}", get: Object.fromEntries(secrets) } } }),
      },
      environmentVariables: {
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: "${aws.login.accessKeyId}",
        AWS_SECRET_ACCESS_KEY: "${aws.login.secretAccessKey}",
        AWS_SESSION_TOKEN: "${aws.login.sessionToken}",
      },
      pulumiConfig: { "somastack:region": region, ...Object.fromEntries(settings) },
    },
  });
}
