import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { ToolchainError } from "./toolchain-error";
import { imageFolder } from "./image-key";
import { machineFiles } from "./image-machine";
import type { Recipe } from "./image-recipes";
import { ensureProgram, lastLines } from "./packages";
import type { Report } from "./report";

const configuration = ["ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "ENV LANG=C.UTF-8", 'CMD ["bash"]'];
const leftOut = ["./dev/*", "./var/cache/apt/*", "./var/lib/apt/lists/*", "./usr/share/locale/*", "./usr/share/man/*", "./usr/share/info/*"];

/**
 * Makes the image that all substitutes share: a minimal Debian 12 with this machine's package configuration.
 *
 * @param folder empty folder for the root file system; removed by the caller
 * @throws ToolchainError when not root (debootstrap changes its root folder) or when debootstrap fails
 */
export async function importBase(docker: Docker, recipe: Recipe, tag: string, folder: string, report: Report): Promise<void> {
  if (process.getuid?.() !== 0) throw new ToolchainError("building images without a registry needs root; run the command once as root, or set somastack:imageMirror to a registry that answers.");
  await ensureProgram("debootstrap", "debootstrap", "to build the base image", report);
  report("base: unpacking a minimal Debian 12 with debootstrap");
  const root = join(folder, "rootfs");
  const { exitCode, all } = await execa("debootstrap", ["--variant=minbase", "--include=busybox,ca-certificates", "bookworm", root], { all: true, reject: false, stdin: "ignore" });
  if (exitCode !== 0) throw new ToolchainError(`debootstrap failed:\n${lastLines(all, 5)}`);

  cpSync(join(imageFolder(recipe), "rootfs"), root, { recursive: true });
  const files = machineFiles();
  // Sources of the machine replace debootstrap's single line.
  if (files.some(({ to }) => to.startsWith("/etc/apt/sources"))) rmSync(join(root, "etc/apt/sources.list"), { force: true });
  for (const { from, to } of files) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    cpSync(from, join(root, to), { dereference: true });
    chmodSync(join(root, to), 0o644);
  }
  symlinkSync("/bin/busybox", join(root, "usr/local/bin/wget"));

  const [repo = "", version = ""] = tag.split(":");
  const archive = execa("tar", ["--numeric-owner", ...leftOut.map((path) => `--exclude=${path}`), "-C", root, "-c", "."], { stdout: "pipe", buffer: false, stdin: "ignore" });
  const stream = await docker.importImage(archive.stdout, { repo, tag: version, changes: configuration });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error)));
  });
  await archive;
}

/** Unmounts what is mounted inside a folder, so that the folder can be removed without reaching into the kernel's own files. */
export async function unmountBelow(folder: string): Promise<void> {
  if (!existsSync("/proc/self/mounts")) return;
  const points = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((point) => point.startsWith(`${folder}/`));
  for (const point of points.reverse()) await execa("umount", [point], { stdin: "ignore" });
}
