import type { AutoScalingGroup, Instance, InstanceRefresh } from "@aws-sdk/client-auto-scaling";

/** What Auto Scaling says of a group at one moment. */
export interface GroupSight {
  readonly group: AutoScalingGroup;
  /** The newest refresh; Auto Scaling keeps it for six weeks. */
  readonly latest?: InstanceRefresh;
}

/** A launch template with the version that must run. */
export interface Wanted {
  readonly launchTemplate: string;
  readonly version: string;
}

const goingOn = ["Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"];

/** Whether a refresh is under way. */
export function isUnderWay(refresh: InstanceRefresh | undefined): boolean {
  return goingOn.includes(refresh?.Status ?? "");
}

/** Whether new instances of the group get what is wanted. */
export function isConfigured({ group }: GroupSight, { launchTemplate, version }: Wanted): boolean {
  return group.LaunchTemplate?.LaunchTemplateId === launchTemplate && group.LaunchTemplate.Version === version;
}

/** Whether an instance serves, whatever its version. */
export function serves(instance: Instance): boolean {
  return instance.LifecycleState === "InService" && instance.HealthStatus === "Healthy";
}

/** Whether an instance was started from what is wanted. */
export function isOf({ LaunchTemplate }: Instance, { launchTemplate, version }: Wanted): boolean {
  return LaunchTemplate?.LaunchTemplateId === launchTemplate && LaunchTemplate.Version === version;
}

/** Whether all that should run serves, and every instance is of the wanted version. */
export function isDone(sight: GroupSight, wanted: Wanted): boolean {
  const instances = (sight.group.Instances ?? []).filter(({ LifecycleState }) => LifecycleState?.startsWith("Terminat") !== true);
  return isConfigured(sight, wanted) && instances.every((instance) => isOf(instance, wanted)) && instances.filter(serves).length >= Math.max(1, sight.group.DesiredCapacity ?? 1);
}

/** The version that the group runs, for people. */
export function running({ group }: GroupSight): string {
  const versions = [...new Set((group.Instances ?? []).filter(serves).map(({ LaunchTemplate }) => LaunchTemplate?.Version ?? "?"))].sort();
  return versions.length === 0 ? "nothing serves" : `version ${versions.join(" and ")} serves`;
}
