import type { Plan, PlannedResource } from "./plan";

/** The plan as a tree of components and resources. */
export function tree({ resources }: Plan): string[] {
  const known = new Set(resources.map(({ urn }) => urn));
  const children = new Map<string, PlannedResource[]>();
  for (const resource of resources) {
    const parent = known.has(resource.parent) ? resource.parent : "";
    children.set(parent, [...(children.get(parent) ?? []), resource]);
  }
  const lines = (parent: string, indent: string): string[] =>
    (children.get(parent) ?? []).flatMap((resource, index, all) => {
      const last = index === all.length - 1;
      return [`${indent}${last ? "└─ " : "├─ "}${resource.name}  ${shortType(resource.type)}`, ...lines(resource.urn, `${indent}${last ? "   " : "│  "}`)];
    });
  return lines("", "");
}

/** How many of each type, most first. */
export function counts({ resources }: Plan): [string, number][] {
  const found = new Map<string, number>();
  for (const { type } of resources) found.set(shortType(type), (found.get(shortType(type)) ?? 0) + 1);
  return [...found].sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
}

/** `aws:ecs/service:Service` -> `aws:ecs:Service`. */
function shortType(type: string): string {
  const [pkg = "", module = "", kind = ""] = type.split(":");
  return `${pkg}:${module.split("/")[0] ?? ""}:${kind}`;
}
