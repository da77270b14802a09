import { clusterRules } from "./rules/cluster";
import { dataRules } from "./rules/data";
import { dockerRules } from "./rules/docker";
import { entranceRules } from "./rules/entrance";
import { machineRules } from "./rules/machines";
import { networkRules } from "./rules/network";
import { podRules } from "./rules/pods";
import { secretRules } from "./rules/secrets";
import { stackRules } from "./rules/stack";
import { storageRules } from "./rules/storage";
import { taskRules } from "./rules/tasks";
import type { Rule } from "./rule";

/** Every rule, by subject. The policy pack, `somastack plan --policy` and the tests have no other. */
export const rules: readonly Rule[] = [
  ...networkRules, ...entranceRules, ...dataRules, ...storageRules, ...taskRules, ...clusterRules, ...podRules, ...dockerRules, ...machineRules, ...secretRules, ...stackRules,
];

/** Levels for every rule: `all` in a configuration. */
export const everyRule = "all";
