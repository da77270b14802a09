import { z } from "zod";

import { define } from "./definition";
import { cidr, flag, number, retention, structured, subnets } from "./schemas";

/** Settings of the targets in a cloud; on LOCAL they have no effect. */
export const cloudDefinitions = {
  accept: define({
    variable: "SOMASTACK_ACCEPT", section: "Deployment Modes", required: "never", default: "", example: "app-runner-closed,no-websocket",
    description: "Codes of target limits that this stack accepts, separated by commas; `all` accepts every one.",
    schema: z.string().transform((value) => value.split(",").map((entry) => entry.trim()).filter((entry) => entry !== ""))
      .pipe(z.array(z.string().regex(/^[a-z0-9-]+$/, "must be codes of lower case letters, digits and hyphens, separated by commas"))),
  }),
  domain: define({
    variable: "SOMASTACK_DOMAIN", section: "Deployment Modes", required: "never", example: "agent.example.com",
    description: "Public host name of the gateway; the other pages lie below it (admin, auth, grafana, ...). Required on every target but LOCAL.",
    schema: z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "must be a domain name in lower case such as agent.example.com"),
  }),
  hostedZoneId: define({
    variable: "SOMASTACK_HOSTED_ZONE_ID", section: "Deployment Modes", required: "never", example: "Z0123456789ABCDEFGHIJ",
    description: "Route 53 zone of the domain: records and certificate validation are made there.",
    schema: z.string().regex(/^Z[A-Z0-9]{6,31}$/, "must be the id of a Route 53 hosted zone, such as Z0123456789ABCDEFGHIJ"),
  }),
  certificateArn: define({
    variable: "SOMASTACK_CERTIFICATE_ARN", section: "Deployment Modes", required: "never", example: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
    description: "ACM certificate of the domain and its subdomains; needed on AWS without a hosted zone.",
    schema: z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/, "must be the ARN of an ACM certificate"),
  }),
  region: define({
    variable: "SOMASTACK_REGION", section: "Deployment Modes", required: "never", default: "us-east-1", example: "eu-west-1",
    description: "AWS region.", schema: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS region such as eu-west-1"),
  }),
  network: define({
    variable: "SOMASTACK_NETWORK", section: "Deployment Modes", required: "never", default: '{"cidr": "10.20.0.0/16"}',
    example: '{"vpcId": "vpc-0123456789abcdef0", "cidr": "10.0.0.0/16", "privateSubnetIds": ["subnet-1a", "subnet-1b", "subnet-1c"], "publicSubnetIds": ["subnet-2a", "subnet-2b", "subnet-2c"]}',
    description: "Address range of the VPC that is made, or an existing VPC with its subnets in three zones.",
    schema: structured(
      z.union([
        z.strictObject({ cidr }),
        z.strictObject({ vpcId: z.string().regex(/^vpc-[0-9a-f]+$/), cidr, privateSubnetIds: subnets, publicSubnetIds: subnets }),
      ], { error: "must be {cidr}, or {vpcId, cidr, privateSubnetIds, publicSubnetIds} with at least three subnets of each kind; cidr is a private range from /16 to /20" }),
      "must be an object",
    ),
  }),
  waf: define({
    variable: "SOMASTACK_WAF", section: "Deployment Modes", required: "never", default: "false", example: "true",
    description: "Puts AWS WAF with the managed common rules before the public entry.", schema: flag,
  }),
  alarmEmail: define({
    variable: "SOMASTACK_ALARM_EMAIL", section: "Deployment Modes", required: "never", example: "oncall@example.com",
    description: "Address that the alarm topic is subscribed with.", schema: z.email("must be a mail address"),
  }),
  logRetentionDays: define({
    variable: "SOMASTACK_LOG_RETENTION_DAYS", section: "Deployment Modes", required: "never", default: "30", example: "90",
    description: "Days that CloudWatch keeps logs.",
    schema: number(retention.rule, (days) => retention.days.includes(days)),
  }),
  cluster: define({
    variable: "SOMASTACK_CLUSTER", section: "EKS", required: "never", default: "{}", example: '{"context": "my-cluster"}',
    description: "EKS: an existing Kubernetes cluster by kubeconfig file and context instead of a new one, or the Kubernetes version of the new one.",
    schema: structured(
      z.strictObject({
        kubeconfig: z.string().min(1).optional(),
        context: z.string().min(1).optional(),
        /** Folder that manifests are written to, in place of a cluster. They hold secrets in clear. */
        manifests: z.string().min(1).optional(),
        version: z.string().regex(/^1\.(2[89]|[3-9]\d)$/, "must be a Kubernetes version from 1.28 on, such as 1.34").optional(),
        /** Addresses that may reach the API of a new cluster; without any its endpoint is private. */
        adminCidrs: z.array(z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "must be an address range such as 203.0.113.0/24")).default([]),
        /** Add-ons that the cluster has already. */
        without: z.array(z.enum(["aws-load-balancer-controller", "cert-manager", "external-dns", "metrics-server", "vertical-pod-autoscaler", "ebs-csi", "efs-csi", "external-secrets", "kube-state-metrics", "cloudnative-pg", "strimzi", "redis-operator"])).default([]),
        /** Where PostgreSQL, Redis and Kafka come from: AWS, operators in the cluster, or plain StatefulSets. */
        data: z.enum(["managed", "operators", "plain"]).optional(),
      }),
      "must be an object",
    ),
  }),
  appRunner: define({
    variable: "SOMASTACK_APP_RUNNER", section: "App Runner", required: "never", default: '{"engine": "apprunner"}', example: '{"engine": "express"}',
    description: "APP_RUNNER: what runs gateway and admin, AWS App Runner or Amazon ECS Express Mode.",
    schema: structured(z.strictObject({ engine: z.enum(["apprunner", "express"], { error: "must be apprunner or express" }).default("apprunner") }), "must be an object"),
  }),
  ec2: define({
    variable: "SOMASTACK_EC2", section: "EC2", required: "never", default: '{"groups": "layers"}', example: '{"groups": "one"}',
    description: "EC2: a group of instances a layer, or one group for a small stack.",
    schema: structured(z.strictObject({ groups: z.enum(["layers", "one"], { error: "must be layers or one" }).default("layers") }), "must be an object"),
  }),
} as const;
