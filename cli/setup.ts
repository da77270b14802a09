import { Listr, type ListrTask } from "listr2";
import { ensureEngine } from "../toolchain/engine";
import { ensureImages, type ImageLock } from "../toolchain/images";
import { describePlugin, ensurePlugins } from "../toolchain/plugins";
import { describePulumi, ensurePulumi, type PulumiInstallation } from "../toolchain/pulumi";
import type { Plan } from "./context";
import { refuseMissing } from "./images";
import { backendVariables, ensureBackend } from "./pulumi/backend";
import type { Pulumi } from "./pulumi/run";
import { pluginsFor } from "./pulumi/plugins";

/** Tools that a run needs, all there. */
export interface Tools {
  readonly pulumi: Pulumi;
  /** The engine: path of a socket, or DOCKER_HOST as it stands. */
  readonly socket: string;
  readonly images: ImageLock;
}

interface Found {
  engine?: Awaited<ReturnType<typeof ensureEngine>>;
  pulumi?: PulumiInstallation;
  images?: ImageLock;
}

const engineWays = { running: "already running", started: "started", installed: "installed and started" } as const;
const imageWays = { present: "present", pull: "pulled", mirror: "from the mirror", built: "built here from package registries", unavailable: "not to be had" } as const;

/**
 * Brings everything that a deployment needs onto the machine: engine, images, Pulumi, plugins.
 * What does not depend on each other runs at the same time; each line says which way was taken.
 *
 * @throws ToolchainError when something cannot be had by any way.
 */
export async function setUp(plan: Plan): Promise<Tools> {
  const found: Found = {};
  const tasks = new Listr<unknown>([engineAndImages(plan, found), pulumiAndPlugins(found)], {
    concurrent: true,
    exitOnError: true,
    collectErrors: false,
    fallbackRenderer: "simple",
    fallbackRendererCondition: () => process.stdout.isTTY !== true || process.env["CI"] !== undefined,
    rendererOptions: { collapseErrors: false },
  });
  await tasks.run();
  const { engine, pulumi, images } = found;
  if (engine === undefined || pulumi === undefined || images === undefined) throw new Error("the set-up ended without its results");
  refuseMissing(plan.deployment, images);
  ensureBackend();
  return { pulumi: toolOf(pulumi, engine.socket), socket: engine.socket, images };
}

/** Pulumi alone, for commands that need no images. */
export async function setUpPulumi(report: (line: string) => void): Promise<Tools["pulumi"] & { readonly socket: string }> {
  const [engine, pulumi] = await Promise.all([ensureEngine(report), ensurePulumi(report)]);
  await ensurePlugins(pulumi, pluginsFor("LOCAL"), report);
  ensureBackend();
  return { ...toolOf(pulumi, engine.socket), socket: engine.socket };
}

function toolOf(pulumi: PulumiInstallation, socket: string): Pulumi {
  // The default socket is left unsaid: a plain pulumi does not say it either, and would see another provider.
  const docker = socket.startsWith("/") && socket !== "/var/run/docker.sock" ? { DOCKER_HOST: `unix://${socket}` } : {};
  return {
    bin: pulumi.bin,
    environment: {
      // The set-up has the plugins of the target; Pulumi would fetch those of every package.
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true", ...docker, ...pulumi.env, ...backendVariables(process.env),
    },
  };
}

function engineAndImages(plan: Plan, found: Found): ListrTask<unknown> {
  return {
    title: "Docker engine and images",
    task: async (_context, task) => {
      const report = (line: string): void => {
        task.output = line;
      };
      const engine = await ensureEngine(report);
      found.engine = engine;
      task.title = `Docker engine ${engine.version}, ${engineWays[engine.source]}; images ...`;
      const { imageMirror } = plan.settings.values;
      found.images = await ensureImages(plan.deployment.references.map((reference) => ({ reference })), imageMirror === undefined ? {} : { mirror: imageMirror }, report);
      task.title = `Docker engine ${engine.version}, ${engineWays[engine.source]}; images: ${countSources(found.images)}`;
    },
  };
}

function pulumiAndPlugins(found: Found): ListrTask<unknown> {
  return {
    title: "Pulumi and its plugins",
    task: async (_context, task) => {
      const report = (line: string): void => {
        task.output = line;
      };
      const pulumi = await ensurePulumi(report);
      task.title = `${describePulumi(pulumi)}; plugins ...`;
      const plugins = await ensurePlugins(pulumi, pluginsFor("LOCAL"), report);
      found.pulumi = pulumi;
      task.title = [describePulumi(pulumi), ...plugins.map(describePlugin)].join("; ");
    },
  };
}

/** `12 present, 3 pulled`: how many images came which way. */
export function countSources(images: ImageLock): string {
  const counts = new Map<keyof typeof imageWays, number>();
  for (const { source } of Object.values(images)) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts].map(([source, count]) => `${count} ${imageWays[source]}`).join(", ");
}
