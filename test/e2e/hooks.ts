import { configure, deployMs, somastack, unconfigure } from "./support";

/** Begins and ends every end-to-end run with a machine that has nothing of the stack. */
export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(deployMs);
    configure();
    await somastack("down", "--volumes", "--yes");
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(deployMs);
    configure();
    await somastack("down", "--volumes", "--yes");
    unconfigure();
  },
};
