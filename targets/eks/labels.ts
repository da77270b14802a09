/** Prefix of the project's labels and annotations. */
export const prefix = "somastack.com";

/** Label of everything of one service or job. */
export const nameLabel = "app.kubernetes.io/name";

/** Annotation that tells the Kubernetes provider to go on without waiting: nothing is to come. */
export const noWait = { "pulumi.com/skipAwait": "true" } as const;

/** Labels of every object of a service or job. */
export function labelsOf(name: string, stack: string): Record<string, string> {
  return { [nameLabel]: name, "app.kubernetes.io/part-of": "somastack", "app.kubernetes.io/instance": stack };
}

/** Label of a pod that calls a port of a service: the service's network policy lets in who has it. */
export function callLabel(service: string, port: number): string {
  return `${prefix}/calls-${service}-${port}`;
}
