import type { Deployment } from "../services/deployment";
import { networkOf, type Node, type Zone } from "./network";
import { escape, textWidth } from "./svg";

const columns = 4;
const box = { height: 46, gap: 18 } as const;
const margin = 40;
const width = 1240;
const inner = width - 2 * margin;
/** Of the line between two zones. */
const step = 48;
const colours = ["#555555", "#2266aa", "#2a8a57", "#b0641a"] as const;

/** The network of a deployment as an SVG picture: its parts below each other, from outside to inside. */
export function svgNetwork(deployment: Deployment): string {
  const { title, zones, ways } = networkOf(deployment);
  const { stack, values: { deploymentTarget } } = deployment.settings;
  let y = 90;
  const drawn = zones.map((zone, index) => {
    const rows = rowsOf(zone.nodes);
    const height = 34 + rows.length * (box.height + box.gap);
    const colour = colours[index % colours.length] ?? colours[0];
    const way = ways.find(({ from }) => from === zone.id);
    const next = y + height;
    const parts = [
      `<rect x="${margin}" y="${y}" width="${inner}" height="${height}" rx="8" fill="${colour}" fill-opacity="0.06" stroke="${colour}"/>`,
      `<text x="${margin + 14}" y="${y + 22}" font-size="13" font-weight="bold" fill="${colour}">${escape(zone.title)}</text>`,
      ...rows.flatMap((row, line) => row.map(({ node, x, width: wide }) => nodeBox(node, x, y + 34 + line * (box.height + box.gap), wide, colour))),
      ...(way === undefined ? [] : [
        `<path d="M ${width / 2} ${next} V ${next + step - 6}" stroke="#666" stroke-width="1.6" marker-end="url(#arrow)"/>`,
        `<text x="${width / 2 + 10}" y="${next + step / 2 + 4}" font-size="12" fill="#555">${escape(way.text)}</text>`,
      ]),
    ];
    y = next + step;
    return parts.join("\n");
  });
  const height = y - step + margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif">`,
    '<defs><marker id="arrow" markerWidth="8" markerHeight="8" refX="6" refY="4" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z" fill="#666"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${margin}" y="34" font-size="20" font-weight="bold" fill="#222">${escape(`Network of ${stack} on ${deploymentTarget}`)}</text>`,
    `<text x="${margin}" y="58" font-size="13" fill="#555">${escape(title)}</text>`,
    ...drawn,
    "</svg>",
    "",
  ].join("\n");
}

interface Placed {
  readonly node: Node;
  readonly x: number;
  readonly width: number;
}

/** Nodes in rows: each as wide as a column, or as many columns as its text needs. */
function rowsOf(nodes: readonly Node[]): Placed[][] {
  const column = (inner - box.gap) / columns;
  const rows: Placed[][] = [[]];
  let used = 0;
  for (const node of nodes) {
    const needed = Math.min(columns, Math.ceil((Math.max(textWidth(node.title, 14), textWidth(node.detail, 11)) + 24 + box.gap) / column));
    if (used + needed > columns) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push({ node, x: margin + box.gap + used * column, width: needed * column - box.gap });
    used += needed;
  }
  return rows;
}

function nodeBox({ title, detail, managed }: Node, x: number, y: number, wide: number, colour: string): string {
  return [
    `<rect x="${x}" y="${y}" width="${wide}" height="${box.height}" rx="6" fill="#ffffff" stroke="${colour}"${managed === true ? ' stroke-dasharray="5 3"' : ""}/>`,
    `<text x="${x + 12}" y="${y + 20}" font-size="14" fill="#222">${escape(title)}</text>`,
    `<text x="${x + 12}" y="${y + 36}" font-size="11" fill="#666">${escape(detail)}</text>`,
  ].join("\n");
}

/** The same as a Mermaid flowchart. */
export function mermaidNetwork(deployment: Deployment): string {
  const { title, zones, ways } = networkOf(deployment);
  const zoneLines = ({ id, title: text, nodes }: Zone): string[] => [
    `  subgraph ${id}["${text}"]`,
    ...nodes.map((node, index) => `    ${id}${index}["${node.title}<br>${node.detail}"]`),
    "  end",
  ];
  return ["flowchart TB", `  %% ${title}`, ...zones.flatMap(zoneLines), ...ways.map(({ from, to, text }) => `  ${from} -->|"${text}"| ${to}`), ""].join("\n");
}
