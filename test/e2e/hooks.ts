import { removeInstances } from "./ec2/leftovers";
import { configure, deployMs, docker, somastack, succeed, unconfigure } from "./support";

/** Compose projects of our tests and benchmarks: what an interrupted one leaves starts again with the engine, and holds the ports. */
const composeProjects = ["somastack-bench", "somastack-e2e"];

async function removeLeftovers(): Promise<void> {
  for (const project of composeProjects) {
    const left = await docker.listContainers({ all: true, filters: { label: [`com.docker.compose.project=${project}`] } });
    await Promise.all(left.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  }
  await removeInstances();
}

/** Begins and ends every end-to-end run with a machine that has nothing of the stack. */
export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(deployMs);
    configure();
    // It starts the engine, if that is not running yet.
    await succeed("setup");
    await removeLeftovers();
    await somastack("down", "--volumes", "--yes");
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(deployMs);
    configure();
    await somastack("down", "--volumes", "--yes");
    unconfigure();
  },
};
