import assert from "node:assert/strict";
import { refuseMissing } from "../../cli/images";
import { checkImages, checkPulumi } from "../../cli/preflight/tools";
import type { ImageLock } from "../../toolchain/images";

type Deployment = Parameters<typeof refuseMissing>[0];

const deployment = {
  images: { redis: { reference: "redis:7-alpine" }, grafana: { reference: "grafana/grafana:11" }, ops: { context: "images", dockerfile: "images/ops/Dockerfile", args: {}, base: "python:3.12-slim" } },
  services: [{ name: "redis", image: "redis", layer: "infrastructure" }, { name: "grafana", image: "grafana", layer: "observability" }],
  jobs: [{ name: "topics", image: "ops" }],
} as unknown as Deployment;

const lock = (...unavailable: string[]): ImageLock =>
  Object.fromEntries(["redis:7-alpine", "grafana/grafana:11", "python:3.12-slim"].map((image) => [image, unavailable.includes(image) ? { image, source: "unavailable", reason: "refused" } : { image, source: "pull" }]));

describe("images that cannot be had", () => {
  it("stop a deployment that needs them, all named at once", () => {
    assert.throws(() => refuseMissing(deployment, lock("redis:7-alpine", "python:3.12-slim")), /2 images cannot be had.*\n.*redis:7-alpine, needed by redis: refused\n.*python:3\.12-slim, needed by topics: refused\n.*imageMirror/);
  });

  it("are left out when observability alone needs them", () => refuseMissing(deployment, lock("grafana/grafana:11")));
});

describe("doctor", () => {
  it("names the images that are not to be had", () => {
    const check = checkImages(lock("grafana/grafana:11"));
    assert.equal(check.state, "warning");
    assert.match(check.detail, /3 known, 0 of them substitutes, not to be had: grafana\/grafana:11/);
    assert.equal(checkImages({}).state, "ok");
  });

  it("says where Pulumi comes from and why", () => {
    const chosen = { path: "/x/pulumi", size: 1, modifiedMs: 1 };
    const pulumi = { chosen, version: "3.274.1", source: "modules", reason: "there is no pulumi on PATH", folders: [] } as unknown as NonNullable<Parameters<typeof checkPulumi>[0]["pulumi"]>;
    assert.match(checkPulumi({ pulumi, plugins: {} }, undefined).detail, /3\.274\.1 built from Go modules, because there is no pulumi on PATH$/);
    assert.match(checkPulumi({ plugins: {} }, "/usr/bin/pulumi").detail, /takes \/usr\/bin\/pulumi when it is new enough/);
  });
});
