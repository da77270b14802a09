import { z } from "zod";

import table from "./prices.json";

/** Hours that a month is counted with, as AWS's own calculator does. */
export const monthHours = 730;

const units = ["hour", "vCPU-hour", "GB-hour", "GB-month", "month"] as const;

/** What a price is for one of. */
export type Unit = (typeof units)[number];

/** Where a price was read, and when. */
export interface Source {
  readonly title: string;
  readonly url: string;
  /** Day, `YYYY-MM-DD`. */
  readonly date: string;
}

/** A list price in one region. */
export interface Price {
  /** USD for one unit. */
  readonly usd: number;
  readonly unit: Unit;
  readonly source: Source;
}

const schema = z.object({
  currency: z.literal("USD"),
  note: z.string(),
  sources: z.record(z.string(), z.object({ title: z.string(), url: z.url(), date: z.iso.date() })),
  prices: z.record(z.string(), z.object({ unit: z.enum(units), source: z.string() }).catchall(z.number().positive())),
});

const { note: pricesNote, prices, sources } = schema.parse(table);

/** What the prices are and are not. */
export { pricesNote };

/** Names of all prices of the table. */
export const priceNames: readonly string[] = Object.keys(prices);

/** The price of that name in a region; undefined when the table has none. */
export function priceOf(name: string, region: string): Price | undefined {
  const entry = prices[name];
  const usd = entry?.[region];
  if (entry === undefined || typeof usd !== "number") return undefined;
  const source = sources[entry.source];
  if (source === undefined) throw new Error(`the price ${name} names the source ${entry.source}, which the table does not have`);
  return { usd, unit: entry.unit, source };
}
