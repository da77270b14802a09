import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a double has "made". */
export interface Entry {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The imagined cloud of the doubles: a folder with a file a resource, which survives the processes of the plugins. */
export class Ledger {
  constructor(private readonly folder: string) {
    mkdirSync(join(folder, "resources"), { recursive: true });
  }

  put(entry: Entry): void {
    writeFileSync(this.file(entry.urn), JSON.stringify(entry));
  }

  remove(urn: string): void {
    rmSync(this.file(urn), { force: true });
  }

  all(): Entry[] {
    return readdirSync(join(this.folder, "resources")).map((name) => JSON.parse(readFileSync(join(this.folder, "resources", name), "utf8")) as Entry);
  }

  /** Counts one more creation and gives its number; appending is atomic, so several plugins may count at once. */
  countCreation(urn: string): number {
    const file = join(this.folder, "creations");
    appendFileSync(file, `${urn}\n`);
    return readFileSync(file, "utf8").trimEnd().split("\n").length;
  }

  /** Whether the creation with this number is to fail, once: the order lies in the file `fail-at`. */
  mustFail(number: number): boolean {
    const file = join(this.folder, "fail-at");
    if (!existsSync(file) || Number(readFileSync(file, "utf8")) !== number) return false;
    rmSync(file);
    return true;
  }

  /** Lets the n-th creation from now on fail. */
  failAt(creationsFromNow: number): void {
    const file = join(this.folder, "creations");
    const known = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").length : 0;
    writeFileSync(join(this.folder, "fail-at"), String(known + creationsFromNow));
  }

  private file(urn: string): string {
    return join(this.folder, "resources", `${createHash("sha256").update(urn).digest("hex").slice(0, 24)}.json`);
  }
}
