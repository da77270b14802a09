import { runMocha } from "../mocha";

/** Runs the end-to-end suites one after the other, in the order of their numbers; arguments choose some of them. */
async function main(): Promise<void> {
  const chosen = process.argv.slice(2).map((name) => `bin/test/e2e/${name}*.test.js`);
  const { passed, failed } = await runMocha("end-to-end tests", chosen.length > 0 ? chosen : ["bin/test/e2e/*.test.js"], ["--require", "bin/test/e2e/hooks.js", "--sort"]);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
