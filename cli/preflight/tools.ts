import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { imageLockFile, readImageLock, type ImageLock } from "../../toolchain/image-lock";
import { readToolMemory, type ToolMemory } from "../../toolchain/tool-memory";
import { ok, warning, type Check } from "./check";

const pulumiWays = { path: "from PATH", npm: "from Pulumi's own distribution", modules: "built from Go modules" } as const;

/** The tools of the machine, looked at and not run. Those that `up` brings itself are no errors. */
export function toolChecks(path: string | undefined): Check[] {
  return [ok("Node.js", `version ${process.versions.node}`), checkPulumi(readToolMemory(), which("pulumi", path)), checkGo(which("go", path)), checkImages(readImageLock())];
}

/** What was decided about Pulumi and its plugins, else what would be. */
export function checkPulumi({ pulumi, plugins }: ToolMemory, onPath: string | undefined): Check {
  const name = "Pulumi";
  if (pulumi === undefined) return ok(name, `not set up yet; \`up\` takes ${onPath ?? "its own distribution"}${onPath === undefined ? "" : " when it is new enough"}`);
  const { length } = Object.keys(plugins);
  return ok(name, `${pulumi.version} ${pulumiWays[pulumi.source]}${pulumi.reason === "" ? "" : `, because ${pulumi.reason}`}${length === 0 ? "" : `; ${length} plugins installed`}`);
}

function checkGo(found: string | undefined): Check {
  return ok("Go", found === undefined ? "not on PATH; needed only where a registry or a download does not answer" : `${found}; used only where a registry or a download does not answer`);
}

/** How the images came, from the decisions of the last set-up. */
export function checkImages(lock: ImageLock): Check {
  const name = "Images";
  const decisions = Object.entries(lock);
  if (decisions.length === 0) return ok(name, "not set up yet; `up` does it");
  const missing = decisions.filter(([, { source }]) => source === "unavailable").map(([reference]) => reference);
  const substitutes = decisions.filter(([, { substitute, source }]) => substitute !== undefined && source !== "unavailable").length;
  const detail = `${decisions.length} known, ${substitutes} of them substitutes`;
  return missing.length === 0
    ? ok(name, detail)
    : warning(name, `${detail}, not to be had: ${missing.join(", ")}`, `Set somastack:imageMirror to a registry that serves them; ${imageLockFile} has the reasons`);
}

/** Full path of a program on PATH. */
export function which(program: string, path: string | undefined): string | undefined {
  return (path ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
