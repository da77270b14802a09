import type { Settings } from "../settings/load";
import type * as appRunner from "../targets/app-runner/target";
import type * as docker from "../targets/docker/target";
import type * as ec2 from "../targets/ec2/target";
import type * as ecsTarget from "../targets/ecs/target";
import type * as eks from "../targets/eks/target";
import type { Target, TargetContext } from "../targets/target";

type Maker = (context: TargetContext) => Target;

/** Each target is loaded when it is chosen: what it imports takes seconds that the others need not spend. */
/* eslint-disable @typescript-eslint/no-require-imports -- the program's entry is synchronous, and so is this */
const makers: Readonly<Record<Settings["values"]["deploymentTarget"], () => Maker>> = {
  LOCAL: () => {
    const { DockerTarget } = require("../targets/docker/target") as typeof docker;
    return (context) => new DockerTarget(context);
  },
  FARGATE: () => ecs("FARGATE"),
  ECS_EC2: () => ecs("ECS_EC2"),
  APP_RUNNER: () => {
    const { AppRunnerTarget } = require("../targets/app-runner/target") as typeof appRunner;
    return (context) => new AppRunnerTarget(context);
  },
  EKS: () => {
    const { EksTarget } = require("../targets/eks/target") as typeof eks;
    return (context) => new EksTarget(context);
  },
  EC2: () => {
    const { Ec2Target } = require("../targets/ec2/target") as typeof ec2;
    return (context) => new Ec2Target(context);
  },
};

function ecs(capacity: "FARGATE" | "ECS_EC2"): Maker {
  const { EcsTarget } = require("../targets/ecs/target") as typeof ecsTarget;
  return (context) => new EcsTarget(context, capacity);
}
/* eslint-enable @typescript-eslint/no-require-imports */

/** The targets that this version deploys to. */
export const targets = Object.keys(makers);

/** The target that the settings choose. */
export function createTarget(context: TargetContext): Target {
  return makers[context.values.deploymentTarget]()(context);
}
