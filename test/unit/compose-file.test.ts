import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { planDeployment } from "../../services/deployment";
import { readSources } from "../../settings/files";
import { loadSettings } from "../../settings/load";
import { renderCompose } from "../../targets/compose/render";
import { projectRoot } from "../../toolchain/paths";
import { load } from "./settings-support";

interface ComposeService {
  readonly depends_on?: Record<string, { condition: string }>;
  readonly healthcheck?: { test: string[] };
  readonly environment: Record<string, string>;
  readonly ports?: string[];
  readonly cap_drop: string[];
  readonly deploy: { resources: { limits: { memory: string } } };
}

const rendered = (config: Record<string, string>): Record<string, ComposeService> =>
  (parse(renderCompose(planDeployment(load(config)))) as { services: Record<string, ComposeService> }).services;

describe("compose file", () => {
  it("at the root equals the rendering of the dev stack", () => {
    const settings = loadSettings("dev", { ...readSources("dev", projectRoot, {}), dotenv: {} });
    assert.equal(readFileSync(join(projectRoot, "docker-compose.yml"), "utf8"), renderCompose(planDeployment(settings)));
  });

  it("has the migration chain and the health conditions", () => {
    const services = rendered({ softwareMode: "SomaStackClusterMode" });
    assert.equal(services["migrate-brain"]?.depends_on?.["migrate-memory"]?.condition, "service_completed_successfully");
    assert.equal(services["migrate-agent"]?.depends_on?.["migrate-brain"]?.condition, "service_completed_successfully");
    assert.equal(services["gateway"]?.depends_on?.["migrate-agent"]?.condition, "service_completed_successfully");
    assert.equal(services["gateway"]?.depends_on?.["brain"]?.condition, "service_healthy");
  });

  it("has limits, hardening and loopback ports everywhere", () => {
    for (const [name, service] of Object.entries(rendered({ softwareMode: "SomaStackClusterMode" }))) {
      assert.match(service.deploy.resources.limits.memory, /^\d+M$/, name);
      assert.deepEqual(service.cap_drop, ["ALL"], name);
      for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:/, name);
    }
  });

  it("holds no secret, only names of variables", () => {
    const { gateway } = rendered({ secretKey: "a-secret-key-that-must-not-appear-anywhere" });
    assert.equal(gateway?.environment["SECRET_KEY"], "${SECRET_KEY:?}");
    assert.match(gateway?.environment["SA01_DB_DSN"] ?? "", /^postgresql:\/\/soma:\$\{SOMASTACK_COMPOSE_SECRET_DB_AGENT:\?[^}]*\}@postgres:5432\/somaagent01$/);
  });

  it("keeps the shell's dollars from Compose", () => {
    assert.match(rendered({})["redis"]?.healthcheck?.test.join(" ") ?? "", /\$\$\(redis-cli ping\)/);
  });
});
