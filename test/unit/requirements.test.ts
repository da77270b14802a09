import assert from "node:assert/strict";

import fc from "fast-check";

import { planDeployment } from "../../services/deployment";
import { checkRequirements, mismatches } from "../../services/requirements";
import { cloudSize, replicasOf, sizeOn } from "../../services/sizing";
import { appRunnerSizes, capabilities, fargateSizes, fittingSize, type DeploymentTarget } from "../../settings/capabilities";
import { cloud, load } from "./settings-support";

const on = (deploymentTarget: string, further: Record<string, string> = {}) => planDeployment(load({ ...cloud, deploymentTarget, softwareMode: "SomaStackClusterMode", ...further }));
const codes = (target: string): string[] => [...new Set(mismatches(on(target)).map(({ code }) => code))].sort();

describe("capabilities", () => {
  for (const target of ["LOCAL", "FARGATE", "ECS_EC2", "EKS", "EC2"]) {
    it(`${target} meets every need of the catalog`, () => assert.deepEqual(codes(target), []));
  }

  it("APP_RUNNER lacks WebSocket and the guide's minimum for its front, and is closed to new customers", () => {
    assert.deepEqual(codes("APP_RUNNER"), ["app-runner-closed", "below-minimum-size", "no-websocket"]);
    const texts = mismatches(on("APP_RUNNER")).map(({ text }) => text);
    assert.ok(texts.some((text) => /gateway what it needs: websocket/.test(text)));
    assert.ok(texts.some((text) => /gateway at most 4 vCPU and 12 GB, below its minimum of 4 vCPU and 16 GB/.test(text)));
    assert.ok(texts.some((text) => /closed to new AWS customers since 2026-04-30/.test(text)));
  });

  it("names every service and need that a target cannot meet", () => {
    const poor = { ...capabilities.FARGATE, grpc: false, persistentDisk: false };
    const found = mismatches(on("FARGATE"), poor).map(({ text }) => text);
    for (const name of ["milvus", "spicedb", "temporal"]) assert.ok(found.some((text) => text.includes(`give ${name} what it needs: grpc`)), name);
    for (const name of ["etcd", "milvus", "prometheus", "grafana"]) assert.ok(found.some((text) => text.includes(`give ${name} what it needs: persistent-disk`)), name);
  });

  it("refuses a target without jobs or in-network names", () => {
    assert.deepEqual(mismatches(on("FARGATE"), { ...capabilities.FARGATE, jobs: false, privateDns: false }).map(({ code }) => code), ["no-jobs", "no-private-dns"]);
  });

  it("is a fault that says how to accept it; accepted, it is a warning", () => {
    const { faults, warnings } = checkRequirements(on("APP_RUNNER", { accept: "app-runner-closed,no-websocket" }));
    assert.ok(faults.every(({ key, mend }) => key === "somastack:deploymentTarget" && /add below-minimum-size to somastack:accept/.test(mend)));
    assert.ok(faults.length > 0);
    assert.deepEqual(warnings.map((warning) => /accepted \(([a-z-]+)\)/.exec(warning)?.[1]), ["app-runner-closed", "no-websocket"]);
    assert.deepEqual(checkRequirements(on("APP_RUNNER", { accept: "all" })).faults, []);
  });
});

describe("sizes", () => {
  const targets = Object.keys(capabilities) as DeploymentTarget[];

  it("fit: at least what is wanted, offered, and none smaller offered", () => {
    fc.assert(fc.property(fc.constantFrom(fargateSizes, appRunnerSizes), fc.integer({ min: 1, max: 64 }), fc.integer({ min: 64, max: 140_000 }), (sizes, quarters, memoryMib) => {
      const wanted = { cpu: quarters / 4, memoryMib };
      const found = fittingSize(wanted, sizes);
      const offered = sizes.flatMap((row) => row.memoryMib.map((size) => ({ cpu: row.cpu, memoryMib: size })));
      const large = offered.filter((size) => size.cpu >= wanted.cpu && size.memoryMib >= wanted.memoryMib);
      if (found === undefined) assert.deepEqual(large, []);
      else {
        assert.ok(large.some((size) => size.cpu === found.cpu && size.memoryMib === found.memoryMib));
        assert.ok(large.every((size) => size.cpu > found.cpu || (size.cpu === found.cpu && size.memoryMib >= found.memoryMib)));
      }
    }));
  });

  it("gives gateway, admin, brain and memory the guide's minimum on Fargate", () => {
    const { services } = on("FARGATE");
    for (const name of ["gateway", "admin", "brain", "memory"]) {
      const service = services.find((candidate) => candidate.name === name);
      assert.ok(service !== undefined);
      assert.deepEqual(sizeOn("FARGATE", service), { cpu: 4, memoryMib: 16384, diskGib: 30 });
    }
  });

  it("are never below the catalog's, on any target but App Runner's front", () => {
    for (const target of targets.filter((name) => name !== "APP_RUNNER" && name !== "LOCAL")) {
      for (const service of on(target).services) {
        const [wanted, given] = [cloudSize(service), sizeOn(target, service)];
        assert.ok(given.cpu >= wanted.cpu && given.memoryMib >= wanted.memoryMib, `${service.name} on ${target}`);
      }
    }
  });

  it("one instance where data has one place or the stack is for development", () => {
    for (const service of on("FARGATE").services) {
      assert.deepEqual(replicasOf(service, false), { min: 1, max: 1 });
      if ((service.volumes ?? []).length > 0) assert.deepEqual(replicasOf(service, true), { min: 1, max: 1 }, service.name);
    }
  });
});
