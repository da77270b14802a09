import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { mermaidDiagram, svgDiagram } from "../../plan/diagram";
import { mermaidNetwork, svgNetwork } from "../../plan/network-diagram";
import { planDeployment } from "../../services/deployment";
import { say } from "../output";
import { planSettings } from "../plan-settings";
import { withTarget, type TargetOptions } from "./plan";

/** What is drawn, and how. */
const pictures = {
  topology: { svg: svgDiagram, mermaid: mermaidDiagram },
  network: { svg: svgNetwork, mermaid: mermaidNetwork },
} as const;

interface DiagramOptions extends TargetOptions {
  readonly view: keyof typeof pictures;
  readonly format: "svg" | "mermaid";
  readonly out?: string;
}

/** Adds the command `diagram`. */
export function registerDiagram(program: Command): void {
  withTarget(program.command("diagram"))
    .description("draw the services of a stack and the connections between them, or the network that they stand in")
    .addOption(new Option("--view <view>", "what to draw").choices(Object.keys(pictures)).default("topology"))
    .addOption(new Option("-f, --format <format>", "kind of picture").choices(["svg", "mermaid"]).default("svg"))
    .option("-o, --out <file>", "write to a file instead of stdout")
    .action(({ stack, target, accept, view, format, out }: DiagramOptions) => {
      const deployment = planDeployment(planSettings(stack, target, accept));
      const text = pictures[view][format](deployment);
      if (out === undefined) process.stdout.write(text);
      else {
        writeFileSync(resolve(out), text);
        say(`${out} shows ${deployment.services.length} services`);
      }
    });
}
