import type { Plan, PlannedResource } from "../plan/plan";
import { byUse, isFree, meters } from "./catalog";
import { machines, owners } from "./owner";
import { monthHours, priceOf, type Price, type Source } from "./prices";
import { machineShares } from "./shares";

/** A part of a resource's cost. */
export interface Item {
  /** Row that it belongs to. */
  readonly owner: string;
  readonly resource: string;
  readonly type: string;
  /** Name of the price. */
  readonly price: string;
  readonly quantity: number;
  readonly unit: Price["unit"];
  /** USD for one unit. */
  readonly usd: number;
  /** USD a month. */
  readonly monthly: number;
}

/** What has a price that the table does not know. */
export interface Unknown {
  readonly owner: string;
  readonly resource: string;
  readonly type: string;
  /** What is missing. */
  readonly reason: string;
}

/** What a planned stack costs. */
export interface Cost {
  readonly stack: string;
  readonly target: string;
  readonly region: string;
  readonly items: readonly Item[];
  /** USD a month by service and shared part, dearest first. */
  readonly owners: readonly { readonly owner: string; readonly monthly: number }[];
  /** USD a month of everything whose price is known. */
  readonly monthly: number;
  /** Not in the total. */
  readonly unknown: readonly Unknown[];
  /** Paid by use, and therefore not in the total. */
  readonly byUse: readonly string[];
  /** Where the prices of this total come from. */
  readonly sources: readonly Source[];
}

/** Computes what the resources of a plan cost a month in a region. */
export function costOf(plan: Plan, region: string): Cost {
  const ownerOf = owners(plan);
  const shares = machineShares(plan);
  const items: Item[] = [];
  const unknown: Unknown[] = [];
  const sources = new Map<string, Source>();
  for (const resource of plan.resources) {
    const where = { owner: ownerOf(resource).title, resource: resource.name, type: resource.type };
    const meter = meters[resource.type];
    if (meter === undefined) {
      if (!isFree(resource.type) && byUse[resource.type] === undefined) unknown.push({ ...where, reason: "nothing is known of what this type costs" });
      continue;
    }
    for (const { price: name, quantity } of meter(resource, plan)) {
      const price = priceOf(name, region);
      if (price === undefined) {
        unknown.push({ ...where, reason: `no price of ${name} in ${region}` });
        continue;
      }
      sources.set(price.source.url, price.source);
      const item = { ...where, price: name, quantity, unit: price.unit, usd: price.usd, monthly: monthlyOf(price, quantity) };
      items.push(...(item.owner === machines ? shared(item, shares) : [item]));
    }
  }
  return {
    stack: plan.stack, target: plan.target, region, items, unknown,
    owners: sums(items),
    monthly: items.reduce((sum, { monthly }) => sum + monthly, 0),
    byUse: usesOf(plan.resources),
    sources: [...sources.values()].sort((a, b) => (a.url < b.url ? -1 : 1)),
  };
}

/** Machines are paid by the services that run on them. */
function shared(item: Item, shares: ReadonlyMap<string, number>): Item[] {
  if (shares.size === 0) return [item];
  return [...shares].map(([owner, share]) => ({ ...item, owner, quantity: item.quantity * share, monthly: item.monthly * share }));
}

function monthlyOf({ usd, unit }: Price, quantity: number): number {
  switch (unit) {
    case "hour":
    case "vCPU-hour":
    case "GB-hour":
      return usd * quantity * monthHours;
    case "month":
    case "GB-month":
      return usd * quantity;
  }
}

function sums(items: readonly Item[]): Cost["owners"] {
  const found = new Map<string, number>();
  for (const { owner, monthly } of items) found.set(owner, (found.get(owner) ?? 0) + monthly);
  return [...found].map(([owner, monthly]) => ({ owner, monthly })).sort((a, b) => b.monthly - a.monthly || (a.owner < b.owner ? -1 : 1));
}

function usesOf(resources: readonly PlannedResource[]): string[] {
  const types = new Set(resources.map(({ type }) => type));
  return [...new Set(Object.entries(byUse).filter(([type]) => types.has(type)).map(([, text]) => text))].sort();
}
