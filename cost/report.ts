import type { Cost } from "./cost";
import { monthHours, pricesNote } from "./prices";

/** `1234.5` -> `1,234.50`. */
export function dollars(amount: number): string {
  return amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** A report's parts, for a terminal and for Markdown alike. */
export interface Report {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences below the table. */
  readonly notes: readonly string[];
}

/** What a cost says to people; with `details`, line by line. */
export function reportOf(cost: Cost, details: boolean): Report {
  const { stack, target, region, items, owners, monthly, unknown, byUse, sources } = cost;
  const rows = details
    ? [...items].sort((a, b) => (a.owner === b.owner ? b.monthly - a.monthly : a.owner < b.owner ? -1 : 1))
      .map(({ owner, resource, price, quantity, unit, usd, monthly: month }) => [owner, resource, price, `${Number(quantity.toFixed(2))} x ${usd}/${unit}`, dollars(month)])
    : owners.map(({ owner, monthly: month }) => [owner, dollars(month)]);
  const dates = sources.map(({ date }) => date).sort();
  return {
    title: `${stack} on ${target} in ${region}, USD a month of ${monthHours} hours`,
    head: details ? ["SERVICE", "RESOURCE", "PRICE", "QUANTITY", "USD A MONTH"] : ["SERVICE", "USD A MONTH"],
    rows: [...rows, [unknown.length === 0 ? "total" : "total of what is known", ...(details ? ["", "", ""] : []), dollars(monthly)]],
    notes: [
      ...unknownNotes(unknown),
      ...(byUse.length > 0 ? [`Not in the total, paid by use: ${byUse.join("; ")}.`] : []),
      ...(items.length > 0 ? [`Prices of ${dates[0]} to ${dates.at(-1)}. ${pricesNote}`] : []),
      ...(items.length + unknown.length === 0 ? ["Nothing of this stack is paid by the hour or by the month."] : []),
    ],
  };
}

/** Equal gaps in one sentence, with how often. */
function unknownNotes(unknown: Cost["unknown"]): string[] {
  const found = new Map<string, { count: number; owner: string }>();
  for (const { owner, type, reason } of unknown) {
    const text = reason.startsWith("no price") ? reason : `${reason}: ${type}`;
    found.set(text, { count: (found.get(text)?.count ?? 0) + 1, owner });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([text, { count, owner }]) => `UNKNOWN, not in the total: ${text} (${count === 1 ? owner : `${count} resources`}).`);
}

/** The report as a Markdown table. */
export function markdown({ title, head, rows, notes }: Report): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const align = head.map((_, index) => (index === head.length - 1 ? "---:" : "---"));
  return [`**${title}**`, "", line(head), line(align), ...rows.map(line), "", ...notes.map((note) => `- ${note}`), ""].join("\n");
}
