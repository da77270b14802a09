import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ConstructResult } from "@pulumi/pulumi/provider";

type Options = pulumi.ComponentResourceOptions;

/** Remote components of plugins, by type: what they make, as far as the program uses it. */
export const components: Readonly<Record<string, (name: string, inputs: pulumi.Inputs, options: Options) => ConstructResult>> = {
  "awsx:ec2:Vpc": network,
  "eks:index:Cluster": cluster,
};

/** The network component of awsx: a VPC, and a public and a private subnet in each of three zones. */
function network(name: string, _inputs: pulumi.Inputs, options: Options): ConstructResult {
  const component = new pulumi.ComponentResource("awsx:ec2:Vpc", name, {}, options);
  const child = { parent: component };
  const vpc = new aws.ec2.Vpc(name, { cidrBlock: "10.20.0.0/16", enableDnsHostnames: true }, child);
  const subnets = (kind: string): pulumi.Output<string>[] =>
    [1, 2, 3].map((zone) => new aws.ec2.Subnet(`${name}-${kind}-${zone}`, { vpcId: vpc.id, cidrBlock: `10.20.${kind === "public" ? 0 : 16}.0/20`, availabilityZone: `us-east-1${"abc"[zone - 1]}` }, child).id);
  const [privateSubnetIds, publicSubnetIds] = [pulumi.all(subnets("private")), pulumi.all(subnets("public"))];
  return { urn: component.urn, state: { vpc, vpcId: vpc.id, privateSubnetIds, publicSubnetIds, isolatedSubnetIds: [], natGateways: [], routeTables: [], subnets: [] } };
}

/** The cluster component of eks: the control plane with its role. Its kubeconfig leads nowhere; the double of the Kubernetes plugin follows it. */
function cluster(name: string, inputs: pulumi.Inputs, options: Options): ConstructResult {
  const component = new pulumi.ComponentResource("eks:index:Cluster", name, {}, options);
  const child = { parent: component };
  const role = new aws.iam.Role(`${name}-control-plane`, { assumeRolePolicy: "{}" }, child);
  const eksCluster = new aws.eks.Cluster(name, {
    name: inputs["name"] as pulumi.Input<string>, version: inputs["version"] as pulumi.Input<string>, roleArn: role.arn,
    vpcConfig: { subnetIds: inputs["privateSubnetIds"] as pulumi.Input<string[]>, endpointPrivateAccess: true, endpointPublicAccess: inputs["endpointPublicAccess"] as pulumi.Input<boolean> },
    encryptionConfig: { provider: { keyArn: inputs["encryptionConfigKeyArn"] as pulumi.Input<string> }, resources: ["secrets"] },
  }, child);
  return { urn: component.urn, state: { eksCluster, kubeconfigJson: pulumi.secret("{}"), kubeconfig: {}, core: {}, instanceRoles: [], oidcProviderArn: "", oidcProviderUrl: "", oidcIssuer: "" } };
}
