/** A step of an update as Pulumi's plain display writes it: sign, type, name, what happens. */
const step = /^\s*(?:\+\+|--|\+-|-\+|[+~=-]|<|>)?\s*(\S+:\S+)\s+(\S+)\s+(.*)$/;

const begun = /^(creating|updating|deleting|replacing|reading|importing)\b/;
const ended = /^(created replacement|created|updated|deleted original|deleted|replaced|imported|discarded)\b/;
/** Ends of the parts of a replacement that say nothing beside its last one. */
const silent = new Set(["deleted original", "replaced"]);
/** What kinds of things are called beside their name; containers and jobs go by their name alone. */
const kinds: Readonly<Record<string, string>> = { RemoteImage: "image", Network: "network", Volume: "volume", RandomPassword: "password" };
const broken = /^\*\*.* failed\*\*/;

/** Silence after which the steps at hand are named, ms. */
const silenceMs = 10_000;

/** Makes short progress of Pulumi's output: a line for each step that ends, and what is waited for in between. */
export class Progress {
  private readonly atWork = new Set<string>();
  private last: number;

  /** @param now clock in ms */
  constructor(private readonly now: () => number = Date.now) {
    this.last = now();
  }

  /** The line to show for a line of Pulumi; undefined for one that says nothing new. */
  line(text: string): string | undefined {
    const [, type = "", id = "", action = ""] = step.exec(text) ?? [];
    // The stack and its components end when all in them have: they say nothing of their own.
    if (type === "" || type === "pulumi:pulumi:Stack" || type.startsWith("somastack:index:")) return undefined;
    const kind = kinds[type.slice(type.lastIndexOf(":") + 1)];
    const name = kind === undefined ? id : `${kind} ${id}`;
    if (broken.test(action)) return this.end(name, "failed", action);
    const verb = ended.exec(action)?.[1];
    if (verb !== undefined && silent.has(verb)) this.atWork.delete(name);
    else if (verb !== undefined) return this.end(name, verb === "created replacement" ? "replaced" : verb, action);
    else if (begun.test(action)) this.atWork.add(name);
    return undefined;
  }

  /** What is waited for, when nothing was shown for a while. */
  waiting(): string | undefined {
    if (this.atWork.size === 0 || this.now() - this.last < silenceMs) return undefined;
    this.last = this.now();
    return `  waiting  for ${[...this.atWork].sort().join(", ")}`;
  }

  private end(name: string, verb: string, action: string): string {
    this.atWork.delete(name);
    this.last = this.now();
    const seconds = /\((\d+(?:\.\d+)?)s\)/.exec(action)?.[1];
    return `  ${verb.padEnd(8)} ${name}${seconds === undefined ? "" : ` (${Math.round(Number(seconds))} s)`}`;
  }
}

/** Whether the part of the output begins that an operator must see as it is: diagnostics and errors. */
export function isDiagnostics(line: string): boolean {
  return /^(Diagnostics:|error:)/.test(line);
}

/** Whether the part of the output begins that the final table says better. */
export function isSummary(line: string): boolean {
  return /^(Outputs:|Resources:|Duration:)/.test(line);
}
