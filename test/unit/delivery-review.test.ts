import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { prepareReview, reviewDomain } from "../../delivery/review";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body: unknown;
}

describe("a review stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "somastack-review-"));
  const asked: Asked[] = [];
  let known: object[] | null = [];
  let status = 200;
  let server: Server;
  let variables: Record<string, string>;

  before(async () => {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho "$*" > '${join(folder, "ran")}'\n`, { mode: 0o755 });
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (part: Buffer) => (text += part.toString()));
      request.on("end", () => {
        asked.push({ method: request.method ?? "", path: request.url ?? "", token: request.headers.authorization ?? "", body: text === "" ? undefined : JSON.parse(text) });
        response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(request.method === "GET" ? { schedules: known } : {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    variables = {
      PATH: [folder, process.env["PATH"]].join(delimiter),
      PULUMI_CI_ORGANIZATION: "example", PULUMI_CI_PROJECT: "somastack", PULUMI_CI_STACK: "pr-example-somastack-7", PULUMI_CI_OPERATION: "update",
      PULUMI_ACCESS_TOKEN: "token", PULUMI_API: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, REVIEW_DOMAIN: "review.example.com", REVIEW_HOURS: "72",
    };
  });

  beforeEach(() => {
    asked.length = 0;
    [known, status] = [[], 200];
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const now = new Date("2030-01-01T00:00:00Z");
  const base = "/api/stacks/example/somastack/pr-example-somastack-7/deployments";

  it("gets a domain of its own, and an end counted from its first deployment", async () => {
    await prepareReview(variables, now);
    assert.equal(readFileSync(join(folder, "ran"), "utf8"), "config set somastack:domain pr-example-somastack-7.review.example.com --stack example/somastack/pr-example-somastack-7\n");
    assert.deepEqual(asked, [
      { method: "GET", path: `${base}/schedules`, token: "token token", body: undefined },
      { method: "POST", path: `${base}/ttl/schedules`, token: "token token", body: { timestamp: "2030-01-04T00:00:00.000Z", deleteAfterDestroy: true } },
    ]);
  });

  it("keeps its end at later deployments", async () => {
    known = [{ scheduleCron: "0 * * * *" }, { scheduleOnce: "2030-01-02T00:00:00Z" }];
    await prepareReview(variables, now);
    assert.deepEqual(asked.map(({ method }) => method), ["GET"]);
  });

  it("gets none when it is only looked at or destroyed", async () => {
    for (const PULUMI_CI_OPERATION of ["preview", "destroy"]) await prepareReview({ ...variables, PULUMI_CI_OPERATION }, now);
    assert.deepEqual(asked, []);
  });

  it("is not deployed when nobody sees to its end", async () => {
    status = 403;
    await assert.rejects(prepareReview(variables, now), /answered 403 to schedules of pr-example-somastack-7/);
    await assert.rejects(prepareReview({ ...variables, REVIEW_HOURS: "" }, now), /REVIEW_HOURS/);
  });

  it("has a name that a host can have", () => {
    assert.equal(reviewDomain("pr-Example_Org-somastack-12", "r.example.com"), "pr-example-org-somastack-12.r.example.com");
    assert.match(reviewDomain(`pr-${"a".repeat(60)}-7`, "r.example.com"), /^[a-z0-9-]{1,40}\.r\.example\.com$/);
  });
});
