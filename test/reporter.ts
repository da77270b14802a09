import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** The `spec` reporter that also leaves its counts in a file for the test chain. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { output } = options.reporterOptions as { output: string };
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => writeFileSync(output, JSON.stringify({ stats: this.stats })));
  }
}

export = CountingReporter;
