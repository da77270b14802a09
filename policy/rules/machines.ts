import { isHidden, type PolicyResource } from "../resource";
import { checks, ofType, spans, type Rule } from "../rule";
import { at, isFalse, isGiven, isTrue, list } from "../values";

const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";
const group = "aws:autoscaling/group:Group";

/** Volumes that a machine gets, by both spellings. */
function volumes({ props }: PolicyResource): readonly { readonly name: string; readonly encrypted: unknown }[] {
  const mapped = list(props, "blockDeviceMappings").filter((mapping) => at(mapping, "ebs") !== undefined).map((mapping) => ({ name: String(at(mapping, "deviceName")), encrypted: at(mapping, "ebs.encrypted") }));
  const root = props["rootBlockDevice"] === undefined ? [] : [{ name: "the root volume", encrypted: at(props, "rootBlockDevice.encrypted") }];
  const further = list(props, "ebsBlockDevices").map((device) => ({ name: String(at(device, "deviceName")), encrypted: at(device, "encrypted") }));
  return [...mapped, ...root, ...further];
}

/** A resource of ours that refreshes a group, waits for the end and fails with it. */
const refreshes = /^somastack:[\w-]+:\w*Refresh$/;

function refreshFaults({ props }: PolicyResource, minHealthyPercentage: number): string[] {
  // Capacity of a container service is replaced by that service, task by task.
  if (list(props, "tags").some((tag) => at(tag, "key") === "AmazonECSManaged")) return [];
  if (at(props, "instanceRefresh") === undefined) return ["has no instance refresh"];
  const preferences = at(props, "instanceRefresh.preferences");
  return [
    ...(at(props, "instanceRefresh.strategy") === "Rolling" ? [] : ["does not refresh its machines one after the other"]),
    ...(Number(at(preferences, "minHealthyPercentage") ?? 90) >= minHealthyPercentage ? [] : [`keeps fewer than ${minHealthyPercentage} % healthy during a refresh`]),
    ...(isFalse(at(preferences, "autoRollback")) ? ["does not take a failed refresh back"] : []),
  ];
}

/** Machines of our own. */
export const machineRules: readonly Rule[] = [
  checks([template, instance], {
    name: "ec2-volumes-encrypted",
    why: "A disk that leaves the data centre, or a snapshot that is shared, tells nothing.",
    mend: "Set encrypted in every blockDeviceMappings[].ebs, the root's too.",
  }, (resource) => {
    const found = volumes(resource);
    if (["blockDeviceMappings", "rootBlockDevice", "ebsBlockDevices"].some((key) => isHidden(resource.props[key]))) return [];
    if (found.length === 0) return ["says nothing of its volumes; the root volume must be encrypted"];
    return found.filter(({ encrypted }) => !isHidden(encrypted) && !isTrue(encrypted)).map(({ name }) => `${name} is not encrypted`);
  }),
  checks("aws:ebs/volume:Volume", {
    name: "ebs-encrypted",
    why: "A disk that leaves the data centre, or a snapshot that is shared, tells nothing.",
    mend: "Set encrypted and kmsKeyId.",
  }, ({ props }) => (isHidden(props["encrypted"]) || isTrue(props["encrypted"]) ? [] : ["is not encrypted"])),
  checks([template, instance], {
    name: "ec2-no-key-pair",
    why: "Machines are entered through Session Manager, which asks IAM and keeps a record.",
    mend: "Remove keyName and attach AmazonSSMManagedInstanceCore to the machine's role.",
  }, ({ props }) => (isGiven(props["keyName"]) ? ["has a key pair for SSH"] : [])),
  spans({
    name: "ec2-instance-refresh",
    why: "A new version reaches the machines one after the other, and stops where one does not become healthy.",
    mend: "Set instanceRefresh: strategy Rolling, preferences.minHealthyPercentage 50 or more, autoRollback.",
    parameters: { minHealthyPercentage: 50 },
  }, (resources, { minHealthyPercentage = 50 }) => ofType(resources, group)
    .filter((owner) => !resources.some((other) => refreshes.test(other.type) && (other.dependencies.includes(owner.urn) || other.parent === owner.parent)))
    .flatMap((owner) => refreshFaults(owner, minHealthyPercentage).map((fault) => ({ urn: owner.urn, fault })))),
  spans({
    name: "ec2-session-manager",
    why: "Without SSH, the role of the machine is what lets an operator in.",
    mend: "Attach AmazonSSMManagedInstanceCore to the role of the machines.",
  }, (resources) => {
    const machines = ofType(resources, template, instance);
    const policies = [...ofType(resources, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ props }) => props["policyArn"]), ...ofType(resources, "aws:iam/role:Role").flatMap(({ props }) => list(props, "managedPolicyArns"))];
    if (machines.length === 0 || policies.some((arn) => isHidden(arn) || /AmazonSSMManagedInstanceCore|AmazonEC2RoleforSSM/.test(String(arn)))) return [];
    return machines.map(({ urn }) => ({ urn, fault: "cannot be entered: no role of the stack allows Session Manager" }));
  }),
  checks("aws:apprunner/service:Service", {
    name: "app-runner-private-egress",
    why: "What App Runner calls stands in the private network, and not on the internet.",
    mend: "Set networkConfiguration.egressConfiguration to egressType VPC with a VPC connector.",
  }, ({ props }) => (isHidden(at(props, "networkConfiguration.egressConfiguration.egressType")) || at(props, "networkConfiguration.egressConfiguration.egressType") === "VPC" ? [] : ["calls out through the internet"])),
  checks("aws:apprunner/service:Service", {
    name: "app-runner-image-digest",
    why: "What was tested is what runs: App Runner changes its image only when the stack does.",
    mend: "Name the image by its digest or a tag that never moves, and set autoDeploymentsEnabled to false.",
  }, ({ props }) => {
    const source = at(props, "sourceConfiguration");
    const automatic = at(source, "autoDeploymentsEnabled") ?? true;
    const image = at(source, "imageRepository.imageIdentifier");
    return [
      ...(isHidden(automatic) || isFalse(automatic) ? [] : ["deploys whatever a tag points to"]),
      ...(isHidden(image) || image === undefined || /@sha256:[0-9a-f]{64}$|:(?!latest$)[\w][\w.-]*$/.test(String(image)) ? [] : [`has the image ${String(image)} without a version`]),
    ];
  }),
];
