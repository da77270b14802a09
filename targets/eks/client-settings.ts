/**
 * How the provider talks to a cluster. Fields are applied on the server, each with its owner. Values of Secrets and ConfigMaps change in
 * place, where a new object of the same name would leave pods without any for a moment; a hash of them rolls who uses them. At its own 50
 * requests a second the client could be slower than the API, which guards itself (Kubernetes documentation, "API Priority and Fairness").
 */
export const clientSettings = { enableServerSideApply: true, enableSecretMutable: true, enableConfigMapMutable: true, kubeClientSettings: { qps: 1000, burst: 1000 } } as const;
