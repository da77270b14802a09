import { definitionOf, settingKeys, type ImageBuild } from "./definitions";
import type { Fault } from "./faults";
import type { Settings } from "./load";
import { findAll, type Sources } from "./sources";

const localAddress = /(^|[/@.])(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?)(?=[:/]|$)/i;

/** External services that need a secret which the deployment cannot generate. */
const companions = [
  ["dbHost", "dbPassword", "PostgreSQL"],
  ["keycloakUrl", "keycloakClientSecret", "Keycloak"],
  ["spicedbUrl", "spicedbApiKey", "SpiceDB"],
  ["somamemoryApiUrl", "memoryApiToken", "SomaFractalMemory"],
] as const;

/** The rules that span settings. Returns every fault. */
export function crossChecks(settings: Settings, sources: Sources): Fault[] {
  return [...pairs(settings), ...imageRules(settings), ...(settings.values.deploymentMode === "PROD" ? productionRules(settings, sources) : [])];
}

/** Whether EKS means a cluster that is there already, or manifests for one. */
export function usesExistingCluster(cluster: Settings["values"]["cluster"]): boolean {
  return cluster.kubeconfig !== undefined || cluster.context !== undefined || cluster.manifests !== undefined;
}

function pairs(settings: Settings): Fault[] {
  const { values } = settings;
  const faults: Fault[] = [];
  if (settings.isExternal("dbDsn") && settings.isExternal("dbHost")) {
    faults.push({ key: "somastack:dbHost", value: values.dbHost, rule: "says again what somastack:dbDsn says", mend: "Keep one of the two" });
  }
  for (const [address, secret, what] of companions) {
    if (settings.isExternal(address) && values[secret] === undefined) {
      faults.push({
        key: `somastack:${secret}`, rule: `is required with an external ${what} (somastack:${address})`,
        mend: `Set it: pulumi config set --secret somastack:${secret}`,
      });
    }
  }
  if (values.deploymentTarget !== "LOCAL" && values.domain === undefined) {
    faults.push({ key: "somastack:domain", rule: `is required with the target ${values.deploymentTarget}`, mend: "Set the public host name of the gateway, for example agent.example.com" });
  }
  const onAws = values.deploymentTarget !== "LOCAL" && !(values.deploymentTarget === "EKS" && usesExistingCluster(values.cluster));
  if (onAws && values.hostedZoneId === undefined && values.certificateArn === undefined) {
    faults.push({
      key: "somastack:certificateArn", rule: `is required with the target ${values.deploymentTarget} unless somastack:hostedZoneId is set: the entry is HTTPS alone`,
      mend: "Set the ARN of an ACM certificate of the domain, or the hosted zone of the domain",
    });
  }
  if (values.waf && values.deploymentTarget === "APP_RUNNER" && values.appRunner.engine === "express") {
    faults.push({ key: "somastack:waf", value: "true", rule: "does not reach services of ECS Express Mode, whose load balancer AWS keeps", mend: "Remove it, or choose another engine in somastack:appRunner" });
  }
  if ((values.smtpUser === undefined) !== (values.smtpPassword === undefined)) {
    const missing = values.smtpUser === undefined ? "smtpUser" : "smtpPassword";
    faults.push({ key: `somastack:${missing}`, rule: "must be set together with its partner (smtpUser and smtpPassword)", mend: `Set ${missing}, or remove the other` });
  }
  return faults;
}

function imageRules(settings: Settings): Fault[] {
  return Object.entries(settings.values.images).flatMap(([name, image]) =>
    settings.values.deploymentMode === "PROD" && typeof image === "string" && isUnpinned(image)
      ? [{
          key: `somastack:images.${name}`, value: image, rule: "must carry a version tag or a digest in PROD, and not latest",
          mend: `Name the version, for example ${image.replace(/:latest$/, "")}:1.4.2`,
        }]
      : [],
  );
}

/** Whether a reference moves: no tag and no digest, or the tag latest. */
export function isUnpinned(reference: string | { build: ImageBuild }): boolean {
  if (typeof reference !== "string") return false;
  if (reference.includes("@sha256:")) return false;
  const last = reference.slice(reference.lastIndexOf("/") + 1);
  return !last.includes(":") || last.endsWith(":latest");
}

function productionRules(settings: Settings, sources: Sources): Fault[] {
  const { values } = settings;
  const faults: Fault[] = [];
  if (values.debug) {
    faults.push({ key: "somastack:debug", value: "true", rule: "must be false in PROD (security checklist)", mend: "Remove it" });
  }
  if (values.allowedHosts.length === 0 || values.allowedHosts.includes("*")) {
    faults.push({
      key: "somastack:allowedHosts", value: values.allowedHosts.join(","), rule: "must name your hosts in PROD, neither empty nor *",
      mend: "Set the public host names, for example agent.example.com",
    });
  }
  for (const key of settingKeys) {
    const definition = definitionOf(key);
    const first = findAll(key, sources)[0];
    if (definition.required === "production" && first === undefined && key !== "allowedHosts") {
      faults.push({
        key: `somastack:${key}`, rule: "is required in PROD",
        mend: definition.secret === true ? `Set it: pulumi config set --secret somastack:${key}` : `Set it, for example ${definition.example}`,
      });
    }
    if (first !== undefined && definition.external === true && localAddress.test(first.text)) {
      faults.push({
        key: first.name, value: definition.secret === true ? "[secret]" : first.text, rule: "must not be a localhost address in PROD",
        mend: "Name the host that the containers can reach",
      });
    }
    if (definition.secret === true && first !== undefined) {
      const plain = first.origin === ".env" || (first.origin === "stack config" && !sources.secretKeys.has(key));
      if (plain) {
        faults.push({ key: first.name, value: "[secret]", rule: `must not lie in clear in ${first.origin} in PROD`, mend: `Store it encrypted: pulumi config set --secret somastack:${key}` });
      }
    }
  }
  return faults;
}
