import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";

import { markOf, pages } from "../unit/runbooks-pages";
import { configure, deployMs, health, inside, stack, succeed } from "./support";

/** The lines of the runbooks that call Docker itself, for the stack of the tests. */
const lines = pages().flatMap(({ name, blocks }) =>
  blocks.filter((block) => markOf(block) === "docker").flatMap(({ text }) =>
    text.split("\n").filter((line) => line.startsWith("docker ")).map((line) => ({ page: name, line: line.replaceAll("somastack-dev-", `somastack-${stack}-`) }))));

const sql = (statement: string): Promise<string> => inside("postgres", ["psql", "-U", "postgres", "-d", "somaagent01", "-v", "ON_ERROR_STOP=1", "-qtAc", statement]);

describe("what the runbooks say of Docker", function () {
  this.timeout(deployMs);
  const folder = mkdtempSync(join(tmpdir(), "somastack-runbooks-"));

  before(async () => {
    configure();
    await succeed("up");
    await sql("create table if not exists e2e_restored (text text); delete from e2e_restored; insert into e2e_restored values ('from the backup')");
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const { page, line } of lines) {
    it(`${page}: ${line}`, async () => {
      const { exitCode, all } = await execa("bash", ["-c", line], { cwd: folder, all: true, reject: false, stdin: "ignore" });
      assert.equal(exitCode, 0, all);
      // What is lost after the backup is there again after the restore.
      if (line.includes("pg_dump")) await sql("drop table e2e_restored");
      if (line.includes("pg_restore")) assert.equal(await sql("select text from e2e_restored"), "from the backup");
    });
  }

  it("is over with all services back", async () => {
    assert.match((await succeed("up")).output, /not running any more: /);
    assert.equal((await health()).status, 200);
  });
});
