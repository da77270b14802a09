import assert from "node:assert/strict";
import { countJunit } from "../python";

const report = (attributes: string): string => `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" ${attributes} time="1.5"><testcase/></testsuite></testsuites>`;

describe("counts of the python tests", () => {
  it("add errors to failures and leave skipped tests out", () => {
    assert.deepEqual(countJunit(report('errors="2" failures="1" skipped="3" tests="20"'), 1), { passed: 14, failed: 3 });
  });

  it("take a run without tests, and one that breaks off, as a failure", () => {
    assert.deepEqual(countJunit(report('errors="0" failures="0" skipped="0" tests="0"'), 5), { passed: 0, failed: 1 });
    assert.deepEqual(countJunit(report('errors="0" failures="0" skipped="0" tests="7"'), 2), { passed: 7, failed: 1 });
    assert.deepEqual(countJunit("", 3), { passed: 0, failed: 1 });
  });
});
