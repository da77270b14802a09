/**
 * How the provider talks to a cluster: fields are applied on the server, each with its owner. At its own 50 requests a second the client
 * would be slower than the API; servers of today guard themselves (Kubernetes documentation, "API Priority and Fairness").
 */
export const clientSettings = { enableServerSideApply: true, kubeClientSettings: { qps: 1000, burst: 1000 } } as const;
