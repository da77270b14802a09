import assert from "node:assert/strict";

import { asList, Resources, statementsOf } from "./aws-support";
import { runProgram, type Registered } from "./program-support";
import { cloud, production, productionSecrets } from "./settings-support";

interface Container {
  readonly name: string;
  readonly image: string;
  readonly user?: string;
  readonly privileged: boolean;
  readonly linuxParameters: { readonly capabilities: { readonly drop: readonly string[]; readonly add?: readonly string[] } };
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly logConfiguration: { readonly logDriver: string };
}

const at = ({ inputs }: Registered, ...path: (string | number)[]): unknown => path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], inputs);

// What production on AWS passes by construction, line by line. None of it is a setting of the user's.
for (const target of ["FARGATE", "ECS_EC2", "APP_RUNNER"]) {
  describe(`the baseline of ${target} in PROD`, function () {
    this.timeout(120_000);
    let resources: Resources;
    before(async () => {
      resources = new Resources(await runProgram({ ...cloud, ...production, deploymentTarget: target, softwareMode: "SomaStackClusterMode", accept: "all" }, {}, [...productionSecrets]));
    });

    const containers = (): { readonly task: string; readonly container: Container }[] =>
      resources.some("aws:ecs/taskDefinition:TaskDefinition").flatMap(({ name, inputs }) => (JSON.parse(String(inputs["containerDefinitions"])) as Container[]).map((container) => ({ task: name, container })));

    it("network: from everywhere nothing comes in but 80 and 443 of the public load balancer", () => {
      const rules = resources.some("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
      const open = rules.filter(({ inputs }) => inputs["cidrIpv4"] === "0.0.0.0/0" || inputs["cidrIpv6"] !== undefined);
      assert.deepEqual(open.map(({ name, inputs }) => [name, inputs["fromPort"], inputs["toPort"]]).sort(), [["public-http", 80, 80], ["public-https", 443, 443]]);
      for (const group of resources.some("aws:ec2/securityGroup:SecurityGroup")) assert.equal(group.inputs["ingress"], undefined, `${group.name} has rules of its own`);
    });

    it("network: services reach each other from group to group, on one port", () => {
      const rules = resources.some("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(({ inputs }) => inputs["cidrIpv4"] === undefined);
      assert.ok(rules.length > 40);
      for (const { name, inputs } of rules) assert.ok(inputs["referencedSecurityGroupId"] !== undefined && inputs["fromPort"] === inputs["toPort"] && inputs["ipProtocol"] === "tcp", name);
    });

    it("network: the default group is closed", () => {
      const { inputs } = resources.only("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
      assert.deepEqual([inputs["ingress"], inputs["egress"]], [[], []]);
    });

    it("network: tasks and data stand in private subnets, without public addresses", () => {
      const open = at(resources.one("aws:lb/loadBalancer:LoadBalancer", "public"), "subnets") as string[];
      assert.equal(open.length, 3);
      const inside = [
        ...resources.some("aws:ecs/service:Service").map((service) => at(service, "networkConfiguration", "subnets")),
        ...resources.some("somastack:ecs:Job").map((job) => at(job, "subnets")),
        ...resources.some("aws:rds/subnetGroup:SubnetGroup").map((group) => at(group, "subnetIds")),
        ...resources.some("aws:elasticache/subnetGroup:SubnetGroup").map((group) => at(group, "subnetIds")),
        ...resources.some("aws:msk/cluster:Cluster").map((cluster) => at(cluster, "brokerNodeGroupInfo", "clientSubnets")),
        ...resources.some("aws:efs/mountTarget:MountTarget").map((mount) => [at(mount, "subnetId")]),
        ...resources.all("aws:autoscaling/group:Group").map((group) => at(group, "vpcZoneIdentifiers")),
        ...resources.all("aws:apprunner/vpcConnector:VpcConnector").map((connector) => at(connector, "subnets")),
      ] as string[][];
      for (const ids of inside) {
        assert.ok(ids.length > 0);
        assert.deepEqual(ids.filter((id) => open.includes(id)), []);
      }
      for (const service of resources.all("aws:ecs/service:Service")) assert.equal(at(service, "networkConfiguration", "assignPublicIp"), false, service.name);
    });

    it("network: flow logs, and endpoints of the services that tasks call", () => {
      const { inputs } = resources.only("aws:ec2/flowLog:FlowLog");
      assert.equal(inputs["trafficType"], "ALL");
      const endpoints = resources.some("aws:ec2/vpcEndpoint:VpcEndpoint").map((endpoint) => String(endpoint.inputs["serviceName"]).replace("com.amazonaws.us-east-1.", ""));
      for (const wanted of ["s3", "ecr.api", "ecr.dkr", "secretsmanager", "logs"]) assert.ok(endpoints.includes(wanted), wanted);
    });

    it("TLS: load balancers speak 1.2 and 1.3, send HTTP there, drop bad headers, log, and cannot be deleted", () => {
      const listeners = resources.some("aws:lb/listener:Listener");
      for (const balancer of resources.some("aws:lb/loadBalancer:LoadBalancer")) {
        const { inputs, name } = balancer;
        assert.deepEqual([inputs["dropInvalidHeaderFields"], inputs["enableDeletionProtection"], at(balancer, "accessLogs", "enabled")], [true, true, true], name);
        assert.ok(Number(inputs["idleTimeout"]) >= 3600, "long enough for WebSockets");
        const https = resources.one("aws:lb/listener:Listener", `${name}-https`).inputs;
        assert.match(String(https["sslPolicy"]), /^ELBSecurityPolicy-TLS13-1-2-/);
        assert.deepEqual([https["port"], https["protocol"]], [443, "HTTPS"]);
        assert.ok(https["certificateArn"]);
        assert.deepEqual(at(resources.one("aws:lb/listener:Listener", `${name}-http`), "defaultActions"), [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }]);
      }
      assert.equal(listeners.length, 2 * resources.all("aws:lb/loadBalancer:LoadBalancer").length);
    });

    it("PostgreSQL: 16, a standby, TLS forced, encrypted, backed up, kept, never public", () => {
      const { inputs } = resources.only("aws:rds/instance:Instance");
      assert.deepEqual(
        ["engineVersion", "multiAz", "storageEncrypted", "deletionProtection", "skipFinalSnapshot", "publiclyAccessible"].map((key) => inputs[key]),
        ["16", true, true, true, false, false],
      );
      assert.match(String(inputs["kmsKeyId"]), /^arn:aws:kms:/);
      assert.ok(Number(inputs["backupRetentionPeriod"]) >= 7 && inputs["finalSnapshotIdentifier"] !== undefined);
      const parameters = at(resources.only("aws:rds/parameterGroup:ParameterGroup"), "parameters") as { name: string; value: string }[];
      assert.equal(parameters.find(({ name }) => name === "rds.force_ssl")?.value, "1");
    });

    it("Redis: cluster mode, encrypted in transit and at rest, a token, replicas in other zones", () => {
      const { inputs } = resources.only("aws:elasticache/replicationGroup:ReplicationGroup");
      assert.deepEqual(
        ["clusterMode", "transitEncryptionEnabled", "transitEncryptionMode", "atRestEncryptionEnabled", "automaticFailoverEnabled", "multiAzEnabled"].map((key) => inputs[key]),
        ["enabled", true, "required", true, true, true],
      );
      assert.ok(Number(inputs["replicasPerNodeGroup"]) >= 1 && inputs["authToken"] !== undefined && inputs["kmsKeyId"] !== undefined);
    });

    it("Kafka: three brokers in three zones, encrypted at rest, not public, with logs", () => {
      const cluster = resources.only("aws:msk/cluster:Cluster");
      assert.equal(cluster.inputs["numberOfBrokerNodes"], 3);
      assert.equal((at(cluster, "brokerNodeGroupInfo", "clientSubnets") as string[]).length, 3);
      assert.match(String(at(cluster, "encryptionInfo", "encryptionAtRestKmsKeyArn")), /^arn:aws:kms:/);
      assert.deepEqual(at(cluster, "brokerNodeGroupInfo", "connectivityInfo", "publicAccess"), { type: "DISABLED" });
      assert.equal(at(cluster, "loggingInfo", "brokerLogs", "cloudwatchLogs", "enabled"), true);
    });

    it("S3: every bucket is closed, encrypted, versioned, tidied, and answers TLS alone", () => {
      for (const { name } of resources.some("aws:s3/bucket:Bucket")) {
        const block = resources.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name).inputs;
        assert.deepEqual(["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((key) => block[key]), [true, true, true, true], name);
        assert.ok(at(resources.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", name), "rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"), name);
        assert.equal(at(resources.one("aws:s3/bucketVersioning:BucketVersioning", name), "versioningConfiguration", "status"), "Enabled");
        resources.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", name);
        const policy = statementsOf(resources.one("aws:s3/bucketPolicy:BucketPolicy", name).inputs["policy"]);
        assert.ok(policy.some(({ Effect, Condition }) => Effect === "Deny" && JSON.stringify(Condition).includes('"aws:SecureTransport":["false"]')), name);
      }
    });

    it("ECS: containers run images by digest, without privileges and capabilities, and write a log", () => {
      for (const { task, container } of containers()) {
        const what = `${task}/${container.name}`;
        assert.match(container.image, /@sha256:[0-9a-f]{64}$/, what);
        assert.equal(container.privileged, false, what);
        assert.deepEqual(container.linuxParameters.capabilities, { drop: ["ALL"] }, what);
        assert.equal(container.logConfiguration.logDriver, "awslogs", what);
      }
    });

    it("ECS: no container runs as root but the one that prepares folders", () => {
      for (const { task, container } of containers()) if (container.name !== "files") assert.doesNotMatch(container.user ?? "image's own", /^(0|root)(:|$)/, `${task}/${container.name}`);
    });

    it("ECS: secrets by reference, never in a variable", () => {
      const secret = /(^|_)(PASSWORD|SECRET|SECRET_KEY|TOKEN|API_KEY|DSN)$/;
      for (const { task, container } of containers()) {
        for (const { name } of container.environment ?? []) assert.doesNotMatch(name, secret, `${task}: ${name}`);
        for (const { name, valueFrom } of container.secrets ?? []) assert.match(valueFrom, /^arn:aws:secretsmanager:/, `${task}: ${name}`);
      }
    });

    it("ECS: the role of a task is not the one it is started with", () => {
      for (const { name, inputs } of resources.some("aws:ecs/taskDefinition:TaskDefinition")) {
        assert.ok(inputs["taskRoleArn"] && inputs["executionRoleArn"], name);
        assert.notEqual(inputs["taskRoleArn"], inputs["executionRoleArn"], name);
      }
    });

    it("ECS: a circuit breaker rolls back, a rollout looks at it, and Container Insights watch", () => {
      for (const service of resources.some("aws:ecs/service:Service")) {
        assert.deepEqual(service.inputs["deploymentCircuitBreaker"], { enable: true, rollback: true }, service.name);
        resources.one("somastack:ecs:Rollout", service.name);
      }
      assert.deepEqual(resources.only("aws:ecs/cluster:Cluster").inputs["settings"], [{ name: "containerInsights", value: "enhanced" }]);
    });

    it("logs: every group is kept for a time and encrypted", () => {
      for (const { name, inputs } of resources.some("aws:cloudwatch/logGroup:LogGroup")) assert.ok(Number(inputs["retentionInDays"]) > 0 && inputs["kmsKeyId"] !== undefined, name);
    });

    it("ECR: scans on push, tags that stay, a lifecycle, encrypted", () => {
      for (const { name, inputs } of resources.some("aws:ecr/repository:Repository")) {
        assert.deepEqual(inputs["imageScanningConfiguration"], { scanOnPush: true }, name);
        assert.match(String(inputs["imageTagMutability"]), /^IMMUTABLE/, name);
        assert.deepEqual((inputs["encryptionConfigurations"] as { encryptionType: string }[]).map(({ encryptionType }) => encryptionType), ["KMS"], name);
        resources.one("aws:ecr/lifecyclePolicy:LifecyclePolicy", name);
      }
    });

    it("IAM: no statement allows everything, on anything, or passes roles at will", () => {
      for (const { name, inputs } of resources.some("aws:iam/rolePolicy:RolePolicy")) {
        for (const { Action, Resource } of statementsOf(inputs["policy"])) {
          const [actions, on] = [asList(Action), asList(Resource)];
          assert.deepEqual(actions.filter((action) => action.includes("*")), [], name);
          if (on.includes("*")) assert.deepEqual(actions, ["ecr:GetAuthorizationToken"], name);
          assert.ok(!actions.includes("iam:PassRole") || !on.includes("*"), name);
        }
      }
      for (const { name, inputs } of resources.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")) assert.doesNotMatch(String(inputs["policyArn"]), /AdministratorAccess|PowerUserAccess|FullAccess/, name);
    });

    it("keys: rotated every year", () => {
      for (const { name, inputs } of resources.some("aws:kms/key:Key")) assert.equal(inputs["enableKeyRotation"], true, name);
    });

    it("Pulumi: data is protected and outlives the stack", () => {
      const data = ["aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup", "aws:msk/cluster:Cluster", "aws:efs/fileSystem:FileSystem", "aws:kms/key:Key"].map((type) => resources.only(type));
      for (const { name, protect, retainOnDelete } of [...data, resources.one("aws:s3/bucket:Bucket", "minio")]) assert.deepEqual([protect, retainOnDelete], [true, true], name);
    });

    it("Pulumi: no generated or given secret stands in clear outside a secret", () => {
      // The SDK marks a secret by this pair; what is inside one is not looked at.
      const open = JSON.stringify(resources.everything.map(({ inputs }) => inputs), (_, value: unknown) => ((value as Record<string, unknown> | null)?.["4dabf18193072939515e22adb298388d"] === "1b47061264138c4ac30d75fd1eb44270" ? "[secret]" : value));
      assert.ok(open.includes("[secret]"));
      assert.doesNotMatch(open, /imagined[0-9a-f]{24}|sk-abc/);
    });

    it("Pulumi: everything at AWS carries the stack's tags, by the provider of the stack", () => {
      const { inputs } = resources.only("pulumi:providers:aws");
      assert.match(JSON.stringify(inputs["defaultTags"]), /managed-by.*pulumi/);
      for (const { urn, type, provider } of resources.everything) if (type.startsWith("aws:")) assert.match(provider, /pulumi:providers:aws::aws::/, urn);
    });

    it("the guide's checklist: DEBUG is false and ALLOWED_HOSTS are limited", () => {
      const variables = containers().flatMap(({ container }) => container.environment ?? []);
      const values = (name: string): string[] => [...new Set(variables.filter((variable) => variable.name === name).map(({ value }) => value))];
      assert.deepEqual(values("DEBUG"), ["false"]);
      for (const hosts of values("ALLOWED_HOSTS")) assert.deepEqual(hosts.split(",").filter((host) => host === "" || host === "*" || host === "localhost"), []);
      assert.ok(values("ALLOWED_HOSTS").length > 0);
    });
  });
}
