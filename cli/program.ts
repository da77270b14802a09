import { Command } from "commander";

/** Adds a command to the program. */
type Register = (program: Command) => void;

/** The commands, in the order of the help. Each is loaded when it is called: what one imports, another need not wait for. */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  up: async () => (await import("./commands/up.js")).registerUp,
  down: async () => (await import("./commands/down.js")).registerDown,
  rollback: async () => (await import("./commands/rollback.js")).registerRollback,
  rotate: async () => (await import("./commands/rotate.js")).registerRotate,
  setup: async () => (await import("./commands/setup.js")).registerSetup,
  doctor: async () => (await import("./commands/doctor.js")).registerDoctor,
  health: async () => (await import("./commands/health.js")).registerHealth,
  plan: async () => (await import("./commands/plan.js")).registerPlan,
  cost: async () => (await import("./commands/cost.js")).registerCost,
  parity: async () => (await import("./commands/parity.js")).registerParity,
  diagram: async () => (await import("./commands/diagram.js")).registerDiagram,
  render: async () => (await import("./commands/render.js")).registerRender,
  env: async () => (await import("./commands/env.js")).registerEnv,
};

/** The `somastack` command with the subcommand of that name; with all of them where there is none of the name, for the help. */
export async function somastack(name: string | undefined): Promise<Command> {
  const command = new Command("somastack")
    .description("Deploys SomaStack. Exit codes: 0 success, 1 failure, 2 usage or configuration.")
    .showHelpAfterError("(--help lists the commands and options)")
    .exitOverride();
  const called = name === undefined ? undefined : commands[name];
  const registers = await Promise.all((called === undefined ? Object.values(commands) : [called]).map((load) => load()));
  for (const register of registers) register(command);
  return command;
}
