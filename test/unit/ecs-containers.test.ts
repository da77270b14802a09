import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";

import { containersOf, healthCheck, refuseTooLarge, type ContainerDefinition, type TaskParts } from "../../targets/ecs/containers";
import { repositoryArn } from "../../targets/aws/statements";
import { filesConfiguration, foldersOf } from "../../targets/ecs/folders";

const image = { imageName: "x", reference: "x:1" };
const spec = {
  image, helper: image, environment: {}, secrets: {}, files: [], readOnlyRoot: true, tmpfs: [], cpu: 1, memoryMib: 2048, calls: [], user: "1000",
  entrypoint: ["run"], command: ["now"], ports: [{ name: "http", container: 80, protocol: "http" as const }, { name: "also", container: 80, protocol: "http" as const }],
};
const values = {
  image: "r@sha256:1", helper: "ops@sha256:2", environment: { B: "2", A: "1" }, secrets: { Z: "arn:z", Y: "arn:y" }, files: "{}",
  log: { group: "/g", region: "eu-west-1", prefix: "web" },
};
const nothing: TaskParts = { capacity: "FARGATE", folders: [], data: [] };

function containers(parts: Partial<TaskParts> = {}, more: object = {}): ContainerDefinition[] {
  return containersOf("web", { ...spec, ...more }, { ...nothing, ...parts }, values);
}

describe("containers of a task", () => {
  it("are hardened, all of them", () => {
    const all = containers({ folders: foldersOf("web", { tmpfs: ["/tmp"], files: [] }, []), relay: { port: 80, path: "/ready", host: "web" } });
    assert.deepEqual(all.map(({ name }) => name), ["web", "files", "relay"]);
    for (const container of all) {
      assert.equal(container["privileged"], false);
      assert.equal(container["readonlyRootFilesystem"], true);
      assert.deepEqual(container["linuxParameters"], { capabilities: { drop: ["ALL"] }, initProcessEnabled: true });
      const { options } = container["logConfiguration"] as { options: Record<string, string> };
      assert.equal(options["awslogs-group"], "/g");
      assert.equal(options["awslogs-stream-prefix"], "web");
    }
    assert.deepEqual(containers({ capacity: "ECS_EC2" })[0]?.["dockerSecurityOptions"], ["no-new-privileges"]);
    assert.equal(containers()[0]?.["dockerSecurityOptions"], undefined);
  });

  it("have variables and secrets in order, secrets by reference only", () => {
    const [main] = containers();
    assert.deepEqual(main?.["environment"], [{ name: "A", value: "1" }, { name: "B", value: "2" }]);
    assert.deepEqual(main?.["secrets"], [{ name: "Y", valueFrom: "arn:y" }, { name: "Z", valueFrom: "arn:z" }]);
    assert.deepEqual(main?.["portMappings"], [{ containerPort: 80, hostPort: 80, protocol: "tcp" }]);
    assert.deepEqual([main?.["entryPoint"], main?.["command"], main?.["user"], main?.["essential"]], [["run"], ["now"], "1000", true]);
  });

  it("leave out empty lists, which ECS does not give back", () => {
    assert.ok(containers({}, { ports: [] }).every((container) => Object.values(container).every((value) => !Array.isArray(value) || value.length > 0)));
  });

  it("start after their folders are prepared by root without capabilities", () => {
    const [main, files] = containers({ folders: foldersOf("web", { tmpfs: ["/tmp"], files: [] }, []), data: [{ volume: "data-0", path: "/data" }] });
    assert.deepEqual(main?.["dependsOn"], [{ containerName: "files", condition: "SUCCESS" }]);
    assert.deepEqual(main?.["mountPoints"], [{ sourceVolume: "folder-0", containerPath: "/tmp", readOnly: false }, { sourceVolume: "data-0", containerPath: "/data", readOnly: false }]);
    assert.deepEqual(files?.["mountPoints"], [{ sourceVolume: "folder-0", containerPath: "/prepared/0", readOnly: false }]);
    assert.deepEqual([files?.["user"], files?.["essential"], files?.["image"]], ["0:0", false, "ops@sha256:2"]);
  });

  it("have a relay that knows the question", () => {
    const relay = containers({ relay: { port: 80, path: "/ready", host: "web" } })[1];
    const [{ value }] = relay?.["environment"] as [{ value: string }];
    assert.deepEqual(JSON.parse(value), { port: 8099, target_port: 80, path: "/ready", host: "web" });
    assert.deepEqual([relay?.["user"], relay?.["essential"]], ["1000:1000", true]);
  });

  it("are refused when ECS would not take their definition", () => {
    const files = [{ path: "/etc/web/a", content: Array.from({ length: 40_000 }, (_, index) => (index * 7919) % 65_521).join(" ") }];
    const large = containersOf("web", spec, nothing, { ...values, environment: { FILES: filesConfiguration(foldersOf("web", { tmpfs: [], files }, []), files) } });
    assert.throws(() => refuseTooLarge("web", large), /^Error: web: its files and variables make a task definition of \d+ bytes, ECS takes 65536; make its files smaller/);
    refuseTooLarge("web", containers());
  });

  it("ask for their health within the limits of ECS", () => {
    const number = fc.integer({ min: 0, max: 2000 });
    fc.assert(fc.property(number, number, number, number, (intervalSeconds, timeoutSeconds, startPeriodSeconds, retries) => {
      const check = healthCheck({ command: ["x"], intervalSeconds, timeoutSeconds, startPeriodSeconds, retries }) as Record<string, number>;
      const inside = (name: string, least: number, most: number): boolean => (check[name] ?? -1) >= least && (check[name] ?? -1) <= most;
      return inside("interval", 5, 300) && inside("timeout", 2, 60) && inside("startPeriod", 0, 300) && inside("retries", 1, 10);
    }));
    assert.deepEqual(healthCheck({ command: ["x", "y"], intervalSeconds: 30, timeoutSeconds: 4, startPeriodSeconds: 60, retries: 3 }), { command: ["CMD", "x", "y"], interval: 30, timeout: 4, startPeriod: 60, retries: 3 });
  });
});

describe("roles of a task", () => {
  it("name the repository of an image", () => {
    assert.equal(repositoryArn("123456789012.dkr.ecr.eu-west-1.amazonaws.com/somastack-dev/agent@sha256:1"), "arn:aws:ecr:eu-west-1:123456789012:repository/somastack-dev/agent");
  });
});

describe("folders of a task", () => {
  const file = (path: string): { path: string; content: string } => ({ path, content: path });

  it("are one for each writable place and each place of files, the inner ones within the outer ones", () => {
    const folders = foldersOf("web", { tmpfs: ["/tmp", "/run/db:uid=70,gid=70"], files: [file("/etc/web/a.yml"), file("/etc/web/deep/b.yml"), file("/tmp/x/c")] }, ["/data"]);
    assert.deepEqual(folders.map(({ path, writable }) => ({ path, writable })), [
      { path: "/etc/web", writable: false }, { path: "/run/db", writable: true }, { path: "/tmp", writable: true },
    ]);
    assert.deepEqual(foldersOf("web", { tmpfs: [], files: [file("/a/b"), file("/ab/c")] }, []).map(({ path }) => path), ["/a", "/ab"]);
  });

  it("never hide the system or lie in a data volume", () => {
    assert.throws(() => foldersOf("web", { tmpfs: [], files: [file("/etc/passwd")] }, []), /web: a file in \/etc would hide/);
    assert.throws(() => foldersOf("web", { tmpfs: [], files: [file("/data/in/x")] }, ["/data"]), /lies in the data volume \/data/);
  });

  it("are described to the helper with their files, compressed alike on every machine", () => {
    const files = [file("/etc/web/deep/b.yml"), file("/etc/web/a.yml")];
    const folders = foldersOf("web", { tmpfs: ["/tmp"], files }, []);
    const configuration = JSON.parse(filesConfiguration(folders, files)) as { folders: unknown; archive: string };
    assert.deepEqual(configuration.folders, [{ path: "/prepared/0", writable: false }, { path: "/prepared/1", writable: true }]);
    const archive = Buffer.from(configuration.archive, "base64");
    assert.equal(archive[9], 255);
    assert.deepEqual(JSON.parse(gunzipSync(archive).toString()), [
      { path: "/prepared/0/deep/b.yml", content: "/etc/web/deep/b.yml" }, { path: "/prepared/0/a.yml", content: "/etc/web/a.yml" },
    ]);
    assert.deepEqual(JSON.parse(filesConfiguration(foldersOf("web", { tmpfs: ["/tmp"], files: [] }, []), [])), { folders: [{ path: "/prepared/0", writable: true }] });
  });
});
