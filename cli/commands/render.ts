import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { fillComposeEnvironment } from "../compose-environment";
import { readPlan } from "../context";
import { CommandError } from "../failure";
import { complain, say } from "../output";
import { projectDocument } from "../../settings/declarations";
import { modesDocument } from "../../plan/modes-document";
import { policyDocument } from "../../policy/document";
import { settingsDocument } from "../../settings/document";
import { dotenvDocument } from "../../settings/dotenv-document";
import { renderCompose } from "../../targets/compose/render";
import { readImageLock } from "../../toolchain/image-lock";
import { projectRoot } from "../../toolchain/paths";
import { withStack, type StackOptions } from "./options";
import { registerRenderEc2 } from "./render-ec2";

interface RenderOptions extends StackOptions {
  readonly out?: string;
  readonly check?: boolean;
}

/** Pages and examples that are rendered from settings, catalog and capabilities. */
const documents = {
  settings: { description: "render the reference of every setting (docs/settings.md)", text: settingsDocument },
  dotenv: { description: "render an example of .env (.env.example)", text: dotenvDocument },
  project: { description: "render Pulumi.yaml with the declaration of every setting", text: () => projectDocument(readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8")) },
  modes: { description: "render the page of the modes and targets (docs/deployment/SOFTWARE_DEPLOYMENT_MODES.md)", text: modesDocument },
  policies: { description: "render the page of the policy rules (docs/policy.md)", text: policyDocument },
} as const;

/** Adds the command `render` with its formats. */
export function registerRender(program: Command): void {
  const render = program.command("render").description("render the catalog in another format");
  withStack(render.command("compose"))
    .description("render the stack as a docker compose file")
    .option("-o, --out <file>", "write to a file instead of stdout")
    .option("--check", "do not write: exit code 1 when the file differs from the rendering", false)
    .action(renderComposeFile);
  registerRenderEc2(render);
  for (const [name, { description, text }] of Object.entries(documents)) {
    render
      .command(name)
      .description(description)
      .option("-o, --out <file>", "write to a file instead of stdout")
      .action(({ out }: { readonly out?: string }) => {
        if (out === undefined) process.stdout.write(text());
        else writeFileSync(resolve(out), text());
      });
  }
}

function renderComposeFile({ stack, out, check }: RenderOptions): void {
  const { deployment } = readPlan(stack);
  const text = renderCompose(deployment);
  if (check === true) {
    const file = resolve(out ?? "docker-compose.yml");
    if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
      throw new CommandError(`${file} differs from the catalog. Render it anew: npm run somastack -- render compose --stack ${stack} --out ${file}`);
    }
    say(`${file} equals the rendering of the stack ${stack}`);
    return;
  }
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(resolve(out), text);
  const file = join(projectRoot, ".env");
  const generated = fillComposeEnvironment(file, deployment, readImageLock());
  if (generated.length > 0) complain(`Generated ${generated.length} secrets for Docker Compose in ${file}; keep the file with the data.`);
}
