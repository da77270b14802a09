// Entry of `npm run ...` on a fresh clone: installs and compiles what is missing or outdated, then runs the command.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import module from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "bin", ".built");

/** Modification time in ms, 0 when there is no such file. */
const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Runs a program with our terminal; resolves to its exit code. Signals reach it through the process group. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
    const forward = (signal) => child.kill(signal);
    process.on("SIGTERM", forward).on("SIGINT", ignore);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGTERM", forward).off("SIGINT", ignore);
      resolve(signal === null ? (code ?? 1) : 130);
    });
  });
}

function ignore() {}

function fail(message, code) {
  console.error(message);
  process.exit(code);
}

async function install() {
  if (modified(join(root, "node_modules", ".package-lock.json")) >= modified(join(root, "package-lock.json"))) return;
  console.error("Installing the npm dependencies of package-lock.json (once a lock file) ...");
  const code = await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (code !== 0) fail("npm ci failed, see above. Check that the npm registry is reachable, then run the command again.", code);
  const now = new Date();
  utimesSync(join(root, "node_modules", ".package-lock.json"), now, now);
}

/** Every TypeScript source that tsconfig.json includes, relative to the root. */
function sources() {
  const found = ["tsconfig.json"];
  const { include } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules") visit(path);
      } else if (entry.name.endsWith(".ts")) found.push(relative(root, path));
    }
  };
  for (const pattern of include) {
    const path = join(root, pattern.split("/*")[0]);
    if (!existsSync(path)) continue;
    if (statSync(path).isDirectory()) visit(path);
    else found.push(relative(root, path));
  }
  return found.sort();
}

async function compile() {
  const files = sources();
  const built = modified(stamp);
  const known = built === 0 ? [] : JSON.parse(readFileSync(stamp, "utf8"));
  const same = known.length === files.length && known.every((file, index) => file === files[index]);
  if (same && files.every((file) => modified(join(root, file)) <= built)) return;
  const started = new Date();
  console.error("Compiling the program ...");
  // A removed source must not live on as compiled code, and the compiler would not write unchanged files again.
  for (const file of known.filter((name) => !files.includes(name))) {
    for (const ending of [".js", ".js.map"]) rmSync(join(root, "bin", file.replace(/\.ts$/, ending)), { force: true });
  }
  const code = await run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "--build"]);
  if (code !== 0) fail("The program does not compile, see above.", code);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, JSON.stringify(files));
  utimesSync(stamp, started, started);
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node.js ${process.versions.node} is too old: 20.19 or newer is needed. Install it from your system's packages, nvm or fnm.`, 1);
}
await install();
await compile();

module.enableCompileCache?.();
const given = process.argv.slice(2);
const entries = { test: "test/run.js", e2e: "test/e2e/run.js", bench: "bench/up.js", "bench-plan": "bench/plan.js", "bench-kubernetes": "bench/kubernetes.js" };
const then = given[0] === "--then" ? entries[given[1]] : undefined;
const entry = join(root, "bin", then ?? "cli/main.js");
process.argv = [process.execPath, entry, ...given.slice(then === undefined ? 0 : 2)];
await import(pathToFileURL(entry).href);
