import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { ToolchainError } from "./toolchain-error";
import { importBase, unmountBelow } from "./image-base";
import { assembleContext } from "./image-context";
import { substituteTag } from "./image-key";
import { recipeNamed, type Recipe } from "./image-recipes";
import { Limit } from "./limit";
import { withLock } from "./lock";
import { lastLines } from "./packages";
import { cacheDir, workDir } from "./paths";
import type { Report } from "./report";

/** Label of build stages, which are removed after the build that used them. */
const stageLabel = "somastack.stage";
const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

interface BuildEvent {
  readonly stream?: string;
}

/** Builds substitutes and what they are built on, each once in a run, at most two images at a time. */
export class SubstituteBuilder {
  private readonly begun = new Map<string, Promise<void>>();
  private readonly images = new Limit(2);

  constructor(
    private readonly docker: Docker,
    private readonly report: Report,
  ) {}

  /**
   * Builds an image unless the engine has it.
   *
   * @throws ToolchainError with the last lines of the step that failed
   */
  build(recipe: Recipe): Promise<void> {
    const begun = this.begun.get(recipe.name) ?? this.make(recipe);
    this.begun.set(recipe.name, begun);
    return begun;
  }

  private async make(recipe: Recipe): Promise<void> {
    const tag = substituteTag(recipe);
    if (await isPresent(this.docker, tag)) return;
    const waiting = (holder: number): void => this.report(`${recipe.name}: waiting for process ${holder}, which builds it`);
    await withLock(
      join(cacheDir, "images", `${recipe.name}.lock`),
      async () => {
        if (!(await isPresent(this.docker, tag))) await this.makeAlone(recipe, tag);
      },
      waiting,
    );
  }

  private async makeAlone(recipe: Recipe, tag: string): Promise<void> {
    const start = performance.now();
    const folder = join(workDir, "images", recipe.name);
    // What a killed run left; debootstrap may have been inside.
    await unmountBelow(folder);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    try {
      if (recipe.name === "base") await this.images.run(() => importBase(this.docker, recipe, tag, folder, this.report));
      else {
        // Fetching and compiling need no slot: they go on while other images are built.
        await Promise.all([assembleContext(recipe, folder, this.report), ...Object.values(recipe.from).map((name) => this.build(recipeNamed(name)))]);
        await this.images.run(() => this.dockerBuild(recipe, tag, folder));
      }
      this.report(`${recipe.name}: ${recipe.description}, ready after ${Math.round((performance.now() - start) / 1000)} s`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private async dockerBuild(recipe: Recipe, tag: string, folder: string): Promise<void> {
    this.report(`${recipe.name}: building the image`);
    const bases = Object.entries(recipe.from).map(([argument, name]) => [argument, substituteTag(recipeNamed(name))] as const);
    const proxy = proxies.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
    const log: string[] = [];
    try {
      // The engine's own builder through its interface: no client program is needed. The host's network carries the
      // machine's name resolution and routes into the build.
      const stream = await this.docker.buildImage(
        { context: folder, src: readdirSync(folder) },
        { t: tag, networkmode: "host", buildargs: Object.fromEntries([...bases, ...proxy]), forcerm: true, labels: { "somastack.substitute": recipe.description } },
      );
      await new Promise<void>((resolve, reject) => {
        this.docker.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error)), (event: BuildEvent) => {
          if (event.stream !== undefined) log.push(event.stream);
        });
      });
    } catch (error) {
      throw new ToolchainError(`${recipe.name}: the image does not build: ${error instanceof Error ? error.message : String(error)}\n${lastLines(log.join(""), 8)}`);
    }
  }

  /** Removes the stages that builds of this run left behind; not before all have ended, since a stage in use looks the same. */
  async removeStages(): Promise<void> {
    if (this.begun.size > 0) await this.docker.pruneImages({ filters: JSON.stringify({ dangling: ["true"], label: [stageLabel] }) });
  }
}

/** Whether the engine has an image of this reference. */
export async function isPresent(docker: Docker, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).inspect();
    return true;
  } catch (error) {
    if (error instanceof Error && "statusCode" in error && error.statusCode === 404) return false;
    throw error;
  }
}
