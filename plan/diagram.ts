import type { Deployment } from "../services/deployment";
import { edgesOf } from "../services/edges";
import { hostnameOf } from "../services/entry";
import type { Layer, Service } from "../services/types";
import { escape, textWidth } from "./svg";

/** Columns of the picture, from the users to the data. */
const columns: readonly { readonly title: string; readonly layers: readonly Layer[] }[] = [
  { title: "observability", layers: ["observability"] },
  { title: "control plane", layers: ["control"] },
  { title: "cognition and memory", layers: ["cognitive", "memory"] },
  { title: "data tier", layers: ["infrastructure"] },
];

/** Colours of a column: its boxes, and the connections that begin there. */
const colours = ["#7c5cbf", "#2266aa", "#2a8a57", "#b0641a"] as const;
const box = { height: 46, gap: 22 } as const;
/** Room between two columns, for the lines. */
const lane = 130;
const margin = { left: 40, top: 96, bottom: 40 } as const;

/** What watches everything is drawn without its lines: it would cover the others'. */
const watching = new Set(["prometheus", "health", "grafana"]);

interface Placed {
  readonly service: Service;
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The topology of a deployment as an SVG picture. Connections are the catalog's edges. */
export function svgDiagram(deployment: Deployment): string {
  const placed = place(deployment);
  const byName = new Map(placed.map((item) => [item.service.name, item]));
  const height = Math.max(...placed.map(({ y }) => y)) + box.height + margin.bottom;
  const boxWidth = widthOf(deployment);
  const columnWidth = boxWidth + lane;
  const width = margin.left * 2 + columnWidth * (columns.length - 1) + boxWidth;
  const { stack, values: { deploymentTarget, softwareMode } } = deployment.settings;
  const lines = edgesOf(deployment)
    .filter(({ from }) => !watching.has(from))
    .flatMap(({ from, to, port }) => {
      const [start, end] = [byName.get(from), byName.get(to)];
      return start === undefined || end === undefined ? [] : [connection(start, end, port)];
    });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${margin.left}" y="34" font-size="20" font-weight="bold" fill="#222">${escape(`SomaStack: ${stack} on ${deploymentTarget}`)}</text>`,
    `<text x="${margin.left}" y="56" font-size="13" fill="#555">${escape(`${softwareMode}; lines are the connections that are open, from caller to called. Prometheus, Grafana and the health endpoint reach every service.`)}</text>`,
    ...columns.map(({ title }, index) => `<text x="${margin.left + columnWidth * index}" y="${margin.top - 12}" font-size="13" font-weight="bold" fill="${colours[index]}">${title}</text>`),
    ...lines,
    ...placed.map((item) => serviceBox(item, deployment)),
    "</svg>",
    "",
  ].join("\n");
}

/** Boxes are as wide as the longest text in one. */
function widthOf(deployment: Deployment): number {
  const texts = deployment.services.map((service) => Math.max(textWidth(service.title, 14), textWidth(detail(service, deployment, deployment.managed.has(service.name)), 11)));
  return Math.ceil(Math.max(...texts)) + 24;
}

function place(deployment: Deployment): Placed[] {
  const { services } = deployment;
  const width = widthOf(deployment);
  return columns.flatMap(({ layers }, column) =>
    services.filter(({ layer }) => layers.includes(layer)).map((service, row) => ({
      service, column, width, x: margin.left + (width + lane) * column, y: margin.top + row * (box.height + box.gap),
    })),
  );
}

function connection(from: Placed, to: Placed, port: number): string {
  const title = `<title>${escape(`${from.service.name} to ${to.service.name}, port ${port}`)}</title>`;
  const style = `fill="none" stroke="${colours[from.column]}" stroke-width="1.3" stroke-opacity="0.55"`;
  const [y1, y2] = [from.y + box.height / 2, to.y + box.height / 2];
  if (from.column === to.column) {
    // Within a column lines bow out to the right of the boxes.
    const x = from.x + from.width;
    const bow = 24 + Math.abs(y2 - y1) / 8;
    return `<path d="M ${x} ${y1} C ${x + bow} ${y1}, ${x + bow} ${y2}, ${x} ${y2}" ${style}>${title}</path>`;
  }
  const forward = to.column > from.column;
  const [x1, x2] = forward ? [from.x + from.width, to.x] : [from.x, to.x + to.width];
  const bend = (x2 - x1) / 2;
  return `<path d="M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}" ${style}>${title}</path>`;
}

function serviceBox({ service, column, x, y, width }: Placed, deployment: Deployment): string {
  const managed = deployment.managed.has(service.name);
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${box.height}" rx="6" fill="${managed ? "#f4f4f4" : "#ffffff"}" stroke="${colours[column]}" stroke-width="1.6"${managed ? ' stroke-dasharray="5 3"' : ""}/>`,
    `<text x="${x + 12}" y="${y + 20}" font-size="14" fill="#222">${escape(service.title)}</text>`,
    `<text x="${x + 12}" y="${y + 36}" font-size="11" fill="#666">${escape(detail(service, deployment, managed))}</text>`,
  ].join("\n");
}

function detail(service: Service, { settings }: Deployment, managed: boolean): string {
  if (managed) return "managed by AWS";
  const hostname = hostnameOf(service, settings);
  if (hostname !== undefined) return `${service.entry?.visibility === "internal" ? "internal: " : ""}${hostname}`;
  const published = service.ports.filter((port) => port.published !== undefined).map((port) => port.published);
  if (settings.values.deploymentTarget === "LOCAL" && published.length > 0) return `127.0.0.1:${published.join(", ")}`;
  return service.ports.length === 0 ? "no port" : `port ${service.ports[0]?.container}`;
}

/** The same as a Mermaid flowchart. */
export function mermaidDiagram(deployment: Deployment): string {
  const names = new Set(deployment.services.map(({ name }) => name));
  const groups = columns.map(({ title, layers }, index) => [
    `  subgraph ${`layer${index}`}[${title}]`,
    ...deployment.services.filter(({ layer }) => layers.includes(layer)).map(({ name, title: text }) => `    ${name}["${text}"]`),
    "  end",
  ]);
  const lines = edgesOf(deployment).filter(({ from, to }) => names.has(from) && names.has(to) && !watching.has(from)).map(({ from, to, port }) => `  ${from} -->|${port}| ${to}`);
  return ["flowchart LR", ...groups.flat(), ...lines, ""].join("\n");
}
