import { PolicyPack } from "@pulumi/policy";

import { packPolicies } from "./pack";

/** The policy pack: `pulumi preview --policy-pack policy`. */
export const pack = new PolicyPack("somastack", { policies: packPolicies(), enforcementLevel: "mandatory" });
