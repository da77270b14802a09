import assert from "node:assert/strict";

import { all, newCluster, one, run, types } from "./eks-support";
import type { Run } from "./program-support";

describe("EKS: a new cluster on AWS", () => {
  let made: Run;

  before(async function () {
    this.timeout(20_000);
    made = await run(newCluster({}, { softwareMode: "SomaStackClusterMode" }));
  });

  it("has access entries alone, every log, encrypted secrets and a private endpoint", () => {
    const { inputs } = one(made, "eks:index:Cluster", "cluster");
    assert.deepEqual(
      { mode: inputs["authenticationMode"], logs: inputs["enabledClusterLogTypes"], private: inputs["endpointPrivateAccess"], public: inputs["endpointPublicAccess"], version: inputs["version"] },
      { mode: "API", logs: ["api", "audit", "authenticator", "controllerManager", "scheduler"], private: true, public: false, version: "1.35" },
    );
    assert.ok(inputs["encryptionConfigKeyArn"] !== undefined);
    assert.equal((inputs["vpcCniOptions"] as { enableNetworkPolicy: boolean }).enableNetworkPolicy, true);
  });

  it("opens the endpoint to the given addresses only, in the given version", async function () {
    this.timeout(20_000);
    const { inputs } = one(await run(newCluster({ version: "1.34", adminCidrs: ["203.0.113.0/24"] })), "eks:index:Cluster", "cluster");
    assert.deepEqual([inputs["endpointPublicAccess"], inputs["publicAccessCidrs"], inputs["version"]], [true, ["203.0.113.0/24"], "1.34"]);
  });

  it("runs nodes with IMDSv2 and encrypted gp3 disks", () => {
    const { inputs } = one(made, "aws:ec2/launchTemplate:LaunchTemplate", "nodes");
    assert.deepEqual(inputs["metadataOptions"], { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 });
    const [disk] = inputs["blockDeviceMappings"] as { ebs: { volumeType: string; encrypted: string } }[];
    assert.deepEqual([disk?.ebs.volumeType, disk?.ebs.encrypted], ["gp3", "true"]);
  });

  it("gives drivers and controllers their roles by Pod Identity", () => {
    const addOns = all(made, "aws:eks/addon:Addon").map(({ name }) => name).sort();
    assert.deepEqual(addOns, ["aws-ebs-csi-driver", "aws-efs-csi-driver", "coredns", "eks-pod-identity-agent"]);
    const accounts = all(made, "aws:eks/podIdentityAssociation:PodIdentityAssociation").map(({ inputs }) => inputs["serviceAccount"]).sort();
    for (const account of ["aws-load-balancer-controller", "external-dns", "milvus"]) assert.ok(accounts.includes(account), account);
    assert.ok(!accounts.includes("keycloak"));
  });

  it("installs each chart in a pinned version, and leaves out what the cluster has", async function () {
    this.timeout(20_000);
    for (const { name, inputs } of all(made, types.release)) assert.match(String(inputs["version"]), /^v?\d+\.\d+\.\d+$/, name);
    assert.equal(all(made, types.release).length, 6);
    const without = ["aws-load-balancer-controller", "cert-manager", "external-dns", "metrics-server", "vertical-pod-autoscaler", "kube-state-metrics", "ebs-csi", "efs-csi"];
    const bare = await run(newCluster({ without }));
    assert.equal(all(bare, types.release).length, 0);
    assert.deepEqual(all(bare, "aws:eks/addon:Addon").map(({ name }) => name).sort(), ["coredns", "eks-pod-identity-agent"]);
  });

  it("takes databases from AWS, and lets the nodes in on their ports alone", () => {
    assert.equal(all(made, types.statefulSet).filter(({ name }) => ["postgres", "redis", "kafka", "minio"].includes(name)).length, 0);
    const rules = all(made, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(({ name }) => name.startsWith("nodes-to-"));
    assert.deepEqual(rules.map(({ name, inputs }) => [name, inputs["fromPort"]]).sort(), [["nodes-to-kafka-9092", 9092], ["nodes-to-postgres-5432", 5432], ["nodes-to-redis-6379", 6379]]);
    const policy = one(made, types.policy, "gateway").inputs["spec"] as { egress: { to: { ipBlock?: { cidr: string } }[]; ports: { port: number }[] }[] };
    assert.ok(policy.egress.some(({ to, ports }) => ports[0]?.port === 5432 && to[0]?.ipBlock?.cidr === "10.20.0.0/16"), JSON.stringify(policy.egress));
  });

  it("keeps data in the cluster when asked to", async function () {
    this.timeout(20_000);
    const plain = await run(newCluster({ data: "plain" }));
    one(plain, types.statefulSet, "postgres");
    const { inputs } = one(plain, "kubernetes:storage.k8s.io/v1:StorageClass", "gp3");
    assert.equal(inputs["volumeBindingMode"], "WaitForFirstConsumer");
    assert.equal((inputs["parameters"] as { encrypted: string }).encrypted, "true");
  });

  it("lets load balancers in by HTTPS with the stack's certificate, by visibility", () => {
    const annotations = (name: string): Record<string, string> => (one(made, types.ingress, name).inputs["metadata"] as { annotations: Record<string, string> }).annotations;
    const field = (name: string, key: string): string | undefined => annotations(name)[`alb.ingress.kubernetes.io/${key}`];
    assert.deepEqual([field("gateway", "scheme"), field("health", "scheme")], ["internet-facing", "internal"]);
    assert.equal(field("gateway", "ssl-redirect"), "443");
    // The gateway refuses a question by address: its readiness decides whether it is a target.
    assert.equal(field("gateway", "success-codes"), "200-499");
    assert.deepEqual((one(made, types.ingress, "gateway").inputs["spec"] as { ingressClassName: string }).ingressClassName, "alb");
  });

  it("runs images from the stack's registry by digest, and keeps secrets in Secrets Manager too", () => {
    assert.ok(all(made, "somastack:aws:Image").length > 0);
    assert.equal(all(made, "somastack:aws:Secret").length, all(made, types.secret).length);
  });
});
