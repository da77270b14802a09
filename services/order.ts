import type { Job, Service } from "./types";

/**
 * Services and jobs so that each comes after what it waits for; the catalog's order where nothing forbids it.
 *
 * @throws Error that names the circle when there is one.
 */
export function inOrder<T extends Service | Job>(items: readonly T[]): T[] {
  const byName = new Map(items.map((item) => [item.name, item]));
  const ordered: T[] = [];
  const done = new Set<string>();
  const visit = (item: T, path: readonly string[]): void => {
    if (done.has(item.name)) return;
    if (path.includes(item.name)) throw new Error(`these wait for each other: ${[...path, item.name].join(" -> ")}`);
    for (const name of item.after) {
      const before = byName.get(name);
      if (before !== undefined) visit(before, [...path, item.name]);
    }
    done.add(item.name);
    ordered.push(item);
  };
  for (const item of items) visit(item, []);
  return ordered;
}
