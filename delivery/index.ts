import * as pulumi from "@pulumi/pulumi";

import { projectRoot } from "../toolchain/paths";
import { readPlan } from "./plan";
import { deliver } from "./program";

const config = new pulumi.Config();

/** The environment of each stack that is delivered. */
export const environments = deliver(readPlan({ organization: config.require("organization"), stacks: config.requireObject("stacks") }), projectRoot);
