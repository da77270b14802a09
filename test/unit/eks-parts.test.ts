import assert from "node:assert/strict";

import fc from "fast-check";

import { fingerprint, secretFingerprint } from "../../targets/eks/fingerprint";
import { nodeNumbers } from "../../targets/eks/nodes";
import { cpuQuantity, fileKey } from "../../targets/eks/pod";
import { probesOf } from "../../targets/eks/probes";
import { imageUser, userOf } from "../../targets/eks/users";

describe("EKS: parts", () => {
  it("has a numeric user for every image, and takes the workload's number first", () => {
    assert.deepEqual(imageUser("postgres:16-alpine"), { uid: 70, gid: 70 });
    assert.deepEqual(imageUser("registry.example.com/library/redis:7"), { uid: 999, gid: 999 });
    assert.deepEqual(imageUser("registry.example.com/team/agent:1"), { uid: 1000, gid: 1000 });
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 65535 }), (uid, gid) => {
      assert.deepEqual(userOf(`${uid}:${gid}`, { uid: 1, gid: 1 }), { uid, gid });
      assert.deepEqual(userOf(String(uid), { uid: 1, gid: 1 }), { uid, gid: uid });
    }));
    assert.deepEqual(userOf("postgres", { uid: 70, gid: 70 }), { uid: 70, gid: 70 });
    assert.deepEqual(userOf(undefined, { uid: 70, gid: 70 }), { uid: 70, gid: 70 });
  });

  it("writes CPU as Kubernetes does", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 64_000 }), (millis) => {
      const text = cpuQuantity(millis / 1000);
      assert.equal(text.endsWith("m") ? Number(text.slice(0, -1)) : Number(text) * 1000, millis);
    }));
    assert.equal(cpuQuantity(0.25), "250m");
    assert.equal(cpuQuantity(4), "4");
  });

  it("names files so that a ConfigMap takes them", () => {
    const part = fc.stringMatching(/^[a-z0-9.-]{1,12}$/);
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => assert.match(fileKey(`/${parts.join("/")}`), /^[-._a-zA-Z0-9]+$/)));
  });

  it("shows a change of a secret and not the secret", () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.string({ minLength: 8 }), (key, other, value) => {
      const shown = secretFingerprint(key, value);
      assert.match(shown, /^[0-9a-f]{16}$/);
      assert.equal(shown, secretFingerprint(key, value));
      if (key !== other) assert.notEqual(shown, secretFingerprint(other, value));
    }));
    assert.notEqual(fingerprint({ a: 1 }), fingerprint({ a: 2 }));
  });

  it("waits for a start as long as the catalog grants", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 600 }), fc.integer({ min: 1, max: 20 }), (intervalSeconds, startPeriodSeconds, retries) => {
      const { startupProbe } = probesOf({ health: { command: ["true"], intervalSeconds, startPeriodSeconds, retries, timeoutSeconds: 4 }, ports: [] });
      assert.ok(Number(startupProbe.failureThreshold) * intervalSeconds >= startPeriodSeconds + retries * intervalSeconds);
    }));
  });

  it("has at least three nodes, more in production, and fewer with managed data", () => {
    const managed = ["postgres", "redis", "kafka", "objectStore"];
    const production = nodeNumbers(true, managed);
    const development = nodeNumbers(false, managed);
    assert.ok(development.min >= 3 && production.min > development.min && production.max > production.min);
    assert.ok(nodeNumbers(true, []).min >= production.min);
  });
});
