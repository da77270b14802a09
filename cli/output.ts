import Table from "cli-table3";

/** Renders a table; ASCII borders and no colours, so that it can be piped and kept in logs. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rendered = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
    chars: { top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "   " },
  });
  rendered.push(...rows.map((row) => [...row]));
  return rendered
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** A line for people on stdout. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line on stderr: warnings and errors. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
