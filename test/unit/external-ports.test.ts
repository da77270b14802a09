import assert from "node:assert/strict";

import { externalPorts } from "../../targets/external-ports";
import { load } from "./settings-support";

const portsOf = (config: Record<string, string>): number[] => externalPorts(load({ smtpHost: "smtp", ...config }).values);

describe("ports outside", () => {
  it("none when everything is in the network", () => assert.deepEqual(portsOf({}), []));

  it("the mail server's, which is always outside", () => assert.deepEqual(externalPorts(load().values), [587]));

  it("those of external services, with the usual port of a URL that names none", () => {
    assert.deepEqual(portsOf({ kafkaBootstrapServers: "b-1.example.com:9094,b-2.example.com:9096" }), [9094, 9096]);
    assert.deepEqual(portsOf({ dbHost: "db.example.com", dbPort: "6432", dbPassword: "S3cretS3cret" }), [6432]);
    assert.deepEqual(portsOf({ redisUrl: "rediss://:S3cretS3cret@redis.example.com:6380/0" }), [6380]);
    assert.deepEqual(portsOf({ opaUrl: "https://opa.example.com", lagoApiUrl: "http://billing.example.com:3000" }), [443, 3000]);
  });
});
