/** Something that was declared: a service with the name of its group, or a job. */
export interface Node {
  readonly name: string;
  /** Absent for a job. */
  readonly group?: string;
  /** Names of those that it waits for. */
  readonly after: readonly string[];
}

/** What runs where, and after what. */
export interface Graph {
  /** Jobs that lie between two services of one group and so run inside it, with the name of the group. */
  readonly inside: ReadonlyMap<string, string>;
  /** Group or job outside all groups to the groups and jobs that must be done before it. */
  readonly before: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Sorts jobs into groups, and says which group waits for which: an instance starts all services of its group at once, so a job that
 * needs one of them and is needed by another cannot run outside.
 *
 * @throws Error that names groups which wait for each other
 */
export function graphOf(nodes: readonly Node[]): Graph {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const inside = new Map<string, string>();
  for (const job of nodes.filter(({ group }) => group === undefined)) {
    const needed = groupsAmong(ancestors(job, byName));
    const needing = groupsAmong(nodes.filter((node) => ancestors(node, byName).includes(job)));
    const between = [...needed].find((group) => needing.has(group));
    if (between !== undefined) inside.set(job.name, between);
  }
  const placeOf = ({ name, group }: Node): string => group ?? inside.get(name) ?? name;
  const before = new Map<string, Set<string>>();
  for (const node of nodes) {
    const place = placeOf(node);
    const places = before.get(place) ?? new Set();
    for (const other of node.after.flatMap((name) => byName.get(name) ?? [])) if (placeOf(other) !== place) places.add(placeOf(other));
    before.set(place, places);
  }
  for (const place of before.keys()) refuseCircle(place, before, []);
  return { inside, before };
}

function ancestors({ after }: Node, byName: ReadonlyMap<string, Node>): Node[] {
  const found = new Set<Node>();
  const visit = (names: readonly string[]): void => {
    for (const node of names.flatMap((name) => byName.get(name) ?? [])) {
      if (found.has(node)) continue;
      found.add(node);
      visit(node.after);
    }
  };
  visit(after);
  return [...found];
}

function groupsAmong(nodes: readonly Node[]): Set<string> {
  return new Set(nodes.flatMap(({ group }) => group ?? []));
}

function refuseCircle(place: string, before: ReadonlyMap<string, ReadonlySet<string>>, path: readonly string[]): void {
  if (path.includes(place)) throw new Error(`these groups of instances wait for each other: ${[...path.slice(path.indexOf(place)), place].join(" -> ")}; set somastack:ec2 to {"groups": "one"}`);
  for (const other of before.get(place) ?? []) refuseCircle(other, before, [...path, place]);
}
