import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { projectRoot } from "../../toolchain/paths";

const script = join(projectRoot, "targets", "ec2", "files", "somastack.sh");
const disk = "nvme-Amazon_Elastic_Block_Store_vol1";

const document = JSON.stringify({
  "x-somastack": {
    secrets: [{ variable: "SOMASTACK_SECRET_DB", arn: "arn:db", version: "v1" }],
    files: [{ name: "web-0", content: "cost: $$1\n" }],
    names: [{ id: "srv-1", address: "SOMASTACK_ADDRESS_WEB" }],
    volumes: [{ name: "data", id: "vol-1" }],
    credentials: [],
  },
  services: { web: {} },
});
const hash = createHash("sha256").update(document).digest("hex");

/** What our doubles of the commands do: each notes that it was called, and answers as little as the script needs. */
const commands: Readonly<Record<string, string>> = {
  curl: 'case "$*" in *PUT*) echo t ;; *instance-id*) echo i-1 ;; */local-ipv4s*) printf "10.0.0.4\\n10.0.0.9\\n" ;; *local-ipv4*) echo 10.0.0.4 ;; *mac*) echo 0a:00 ;; esac',
  ip: 'case "$*" in *"link show"*) echo \'[{"ifname": "ens5", "address": "0a:00"}]\' ;; *"address show"*) cat "$DOUBLES/addresses" 2> /dev/null || echo "2: ens5 inet 10.0.0.4/22" ;; esac',
  aws: [
    'case "$*" in',
    '*get-object*) cp "$DOUBLES/document" "${@: -1}" ;;',
    '*head-object*) [ -e "$DOUBLES/done" ] ;;',
    '*put-object*) touch "$DOUBLES/done" ;;',
    "*get-secret-value*) echo 'pa$$ \"word' ;;",
    `*attach-volume*) mkdir -p "$SOMASTACK_ROOT/dev/disk/by-id"; touch "$SOMASTACK_ROOT/dev/disk/by-id/${disk}" ;;`,
    "*describe-auto-scaling-groups*) echo i-1 ;;",
    "*list-instances*) printf 'i-1\\ti-0\\n' ;;",
    "esac",
  ].join("\n"),
  docker: [
    'case "$*" in',
    '*" up "*) printf %s "$SOMASTACK_SECRET_DB" > "$DOUBLES/secret-seen" ;;',
    '*" run "*) printf %s "$SOMASTACK_RELEASE" > "$DOUBLES/release-seen"; exit "$(cat "$DOUBLES/job-exit" 2> /dev/null || echo 0)" ;;',
    '"ps "*) echo c1; echo c2 ;;',
    '"inspect "*c1) echo "/web running 0 $(cat "$DOUBLES/health" 2> /dev/null || echo healthy) unless-stopped" ;;',
    '"inspect "*c2) echo "/setup exited 0 - no" ;;',
    "esac",
  ].join("\n"),
  blkid: 'exit "$(cat "$DOUBLES/blkid" 2> /dev/null || echo 0)"',
  mountpoint: "exit 1",
  ...Object.fromEntries(["mkfs.ext4", "mount", "sleep"].map((name) => [name, "true"])),
};

// The commands are our doubles: this shows what the script asks for and in which order, and nothing about AWS or Docker.
describe("the script of an instance, with doubles of the commands that it calls", function () {
  this.timeout(20_000);
  let folder: string;

  before(function () {
    if (spawnSync("jq", ["--version"]).error !== undefined) this.skip();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "somastack-script-"));
    for (const path of ["bin", "root/etc/somastack"]) mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, "root/etc/somastack/instance"), `REGION='us-east-1'\nBUCKET='b'\nKEY='groups/web/${hash}.json'\nGROUP='g'\nHOOK='ready'\n`);
    writeFileSync(join(folder, "document"), document);
    for (const [name, body] of Object.entries(commands)) {
      writeFileSync(join(folder, "bin", name), `#!/bin/bash\necho "${name} $*" >> "$DOUBLES/calls"\n${body}\n`);
      chmodSync(join(folder, "bin", name), 0o755);
    }
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const tell = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const run = (...args: string[]): { readonly status: number | null; readonly output: string; readonly calls: string[] } => {
    rmSync(join(folder, "calls"), { force: true });
    const { status, stdout, stderr } = spawnSync("bash", [script, ...args], { encoding: "utf8", env: { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`, SOMASTACK_ROOT: join(folder, "root"), DOUBLES: folder } });
    return { status, output: stdout + stderr, calls: readFileSync(join(folder, "calls"), "utf8").trimEnd().split("\n") };
  };
  const at = (calls: readonly string[], pattern: RegExp): number => {
    const index = calls.findIndex((call) => pattern.test(call));
    assert.notEqual(index, -1, `${pattern} is not among\n${calls.join("\n")}`);
    return index;
  };

  it("starts in order: release, disk, addresses, containers, names, and then tells its group", () => {
    const { status, output, calls } = run("start");
    assert.equal(status, 0, output);
    const order = [/get-object .*groups\/web/, /get-secret-value --secret-id arn:db --version-id v1/, /attach-volume --volume-id vol-1 --instance-id i-1/, /ip address add 10\.0\.0\.9\/32 dev ens5/, /docker compose .* pull/, /docker compose .* up --detach/, /register-instance --service-id srv-1 --instance-id i-1 --attributes AWS_INSTANCE_IPV4=10\.0\.0\.9/, /complete-lifecycle-action .*--lifecycle-action-result CONTINUE/];
    const found = order.map((pattern) => at(calls, pattern));
    assert.deepEqual(found, [...found].sort((a, b) => a - b));
    assert.equal(readFileSync(join(folder, "secret-seen"), "utf8"), 'pa$$ "word');
    assert.equal(readFileSync(join(folder, "root/var/lib/somastack/files/web-0"), "utf8"), "cost: $1\n");
    assert.ok(!calls.join("\n").includes("pa$$"), "a command line shows the secret");
  });

  it("leaves an address that its interface has, however many others follow", () => {
    tell("addresses", "2: ens5 inet 10.0.0.9/32\n".padEnd(200_000, "2: ens5 inet 10.0.0.4/22\n"));
    const { status, output, calls } = run("start");
    assert.equal(status, 0, output);
    assert.ok(!calls.some((call) => call.startsWith("ip address add")));
  });

  it("takes names from instances that are gone", () => {
    assert.match(run("start").calls.join("\n"), /deregister-instance --service-id srv-1 --instance-id i-0/);
  });

  it("formats a disk only when nothing at all is on it", () => {
    assert.ok(!run("start").calls.some((call) => call.startsWith("mkfs")));
    tell("blkid", "2");
    assert.ok(run("start").calls.some((call) => call === `mkfs.ext4 -q ${join(folder, "root/dev/disk/by-id", disk)}`));
    tell("blkid", "4");
    const { status, calls, output } = run("start");
    assert.notEqual(status, 0);
    assert.match(output, /cannot be read/);
    assert.ok(!calls.some((call) => call.startsWith("mkfs") || call.startsWith("docker compose")));
    at(calls, /--lifecycle-action-result ABANDON/);
  });

  it("gives up when a container does not get healthy, before its names point here", () => {
    tell("health", "unhealthy");
    const { status, output, calls } = run("start");
    assert.notEqual(status, 0);
    assert.match(output, /not healthy: \/web running 0 unhealthy unless-stopped/);
    at(calls, /--lifecycle-action-result ABANDON/);
    assert.ok(!calls.some((call) => /register-instance|CONTINUE/.test(call)));
  });

  it("runs no document but the one that was meant", () => {
    tell("document", document.replace("vol-1", "vol-2"));
    const { status, calls } = run("start");
    assert.notEqual(status, 0);
    at(calls, /--lifecycle-action-result ABANDON/);
    assert.ok(!calls.some((call) => /attach-volume|docker compose/.test(call)));
  });

  it("ends itself after ten failures in a row, and not before", () => {
    assert.equal(run("start").status, 0);
    tell("health", "unhealthy");
    for (let failure = 1; failure < 10; failure += 1) assert.ok(!run("check").calls.some((call) => call.includes("set-instance-health")), String(failure));
    at(run("check").calls, /set-instance-health --instance-id i-1 --health-status Unhealthy/);
    rmSync(join(folder, "health"));
    run("check");
    assert.ok(!existsSync(join(folder, "root/run/somastack/failures")));
  });

  it("gives its names up before it stops its containers, with a minute for databases", () => {
    run("start");
    const { calls } = run("stop");
    assert.ok(at(calls, /deregister-instance --service-id srv-1 --instance-id i-1/) < at(calls, /docker stop --time 60 c1 c2/));
  });

  it("runs a job once a release, with its log stream, and says so the second time", () => {
    const key = `jobs/migrate/${hash}.json`;
    const { status, output, calls } = run("job", "migrate", key, "900");
    assert.equal(status, 0, output);
    at(calls, /docker compose .*--project-name somastack-job-migrate run -T --rm --name somastack-job-migrate migrate/);
    assert.ok(at(calls, / run -T /) < at(calls, new RegExp(`put-object --bucket b --key done/migrate/${hash}`)));
    assert.equal(readFileSync(join(folder, "release-seen"), "utf8"), hash.slice(0, 12));
    const again = run("job", "migrate", key, "900");
    assert.match(again.output, /migrate has run for this release/);
    assert.ok(!again.calls.some((call) => call.startsWith("docker")));
  });

  it("ends with a failed job's exit code and leaves no mark, so that it runs again", () => {
    tell("job-exit", "3");
    const { status, output, calls } = run("job", "migrate", `jobs/migrate/${hash}.json`, "900");
    assert.equal(status, 3);
    assert.match(output, /migrate ended with 3/);
    assert.ok(!calls.some((call) => call.includes("put-object")));
    rmSync(join(folder, "job-exit"));
    assert.equal(run("job", "migrate", `jobs/migrate/${hash}.json`, "900").status, 0);
  });
});
