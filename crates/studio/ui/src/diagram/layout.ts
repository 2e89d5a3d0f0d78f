/** Where each table stands, so that few lines cross. */
import { Graph, layout } from "@dagrejs/dagre";
import type { Map_, MapTable } from "../api";

export const LINE = 20;
export const TITLE = 28;
/** About as wide is a letter, and one of a name in bold. */
const LETTER = 6.9;
const BOLD = 7.8;
/** The widest box, and what is left free at the sides of a line. */
const WIDEST = 380;
const SIDES = 20;
/** Columns that are drawn of one table. */
const COLUMNS = 18;
/** How far a link of a table to itself is drawn out: it stays within the margin around the drawing. */
const LOOP = 28;

export interface Box {
  id: string;
  table: MapTable;
  columns: MapTable["columns"];
  hidden: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Edge {
  id: string;
  from: string;
  to: string;
  says: string;
  path: string;
}

export interface Drawing {
  boxes: Box[];
  edges: Edge[];
  width: number;
  height: number;
}

type Link = Map_["links"][number];

/** What stands above its columns. */
export const titleOf = (table: MapTable): string => (table.schema === "public" ? table.name : `${table.schema}.${table.name}`);

type MapColumn = MapTable["columns"][number];

export const typeOf = (column: MapColumn): string => column.type.replace("timestamp with time zone", "timestamptz").replace("character varying", "varchar");

const letterOf = (column: MapColumn): number => (column.key ? BOLD : LETTER);
/** What a line has beside its name: a space, the sign of what is not null, the type. */
const beside = (column: MapColumn): number => SIDES + 16 + (column.nullable ? 0 : 2 * LETTER) + typeOf(column).length * LETTER;

const cut = (name: string, letters: number): string => (name.length > letters ? `${name.slice(0, Math.max(1, Math.floor(letters) - 1))}…` : name);

/** As much of a table's name, and of a column's, as has room in its box. */
export const titleIn = ({ table, width }: Box): string => cut(titleOf(table), (width - SIDES) / BOLD);
export const nameIn = ({ width }: Box, column: MapColumn): string => cut(column.name, (width - beside(column)) / letterOf(column));

export const idOf = (schema: string, name: string): string => JSON.stringify([schema, name]);

/** Lays out these tables and the foreign keys between them. */
export function draw(map: Map_, tables: MapTable[], isCompact: boolean): Drawing {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 28, ranksep: 90, edgesep: 14, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  const shown = new Map<string, Omit<Box, "x" | "y">>();
  const linked = new Set(map.links.flatMap((link) => [
    ...link.columns.map((column) => idOf(...link.from) + column), ...link.targets.map((column) => idOf(...link.to) + column),
  ]));
  for (const table of tables) {
    const id = idOf(table.schema, table.name);
    const all = isCompact ? table.columns.filter((column) => column.key || linked.has(id + column.name)) : table.columns;
    const columns = all.slice(0, COLUMNS);
    const hidden = table.columns.length - columns.length;
    const wanted = Math.max(130, titleOf(table).length * BOLD + SIDES + 1, ...columns.map((column) => column.name.length * letterOf(column) + beside(column) + 1));
    const box = { id, table, columns, hidden, width: Math.min(WIDEST, wanted), height: TITLE + (columns.length + (hidden ? 1 : 0)) * LINE + 8 };
    shown.set(id, box);
  }
  const links = map.links.filter((link) => shown.has(idOf(...link.from)) && shown.has(idOf(...link.to)));
  const ends = new Set(links.flatMap((link) => [idOf(...link.from), idOf(...link.to)]));
  const isLoop = (link: Link) => idOf(...link.from) === idOf(...link.to);
  for (const box of shown.values()) if (ends.has(box.id)) graph.setNode(box.id, { width: box.width, height: box.height });
  for (const link of links) if (!isLoop(link)) graph.setEdge(idOf(...link.from), idOf(...link.to), {}, link.name + link.columns.join());
  layout(graph);
  const boxes: Box[] = [...shown.values()].filter((box) => ends.has(box.id)).map((box) => {
    const { x, y } = graph.node(box.id) as { x: number; y: number };
    return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
  });
  const placed = new Map(boxes.map((box) => [box.id, box]));
  const edges = links.map((link) => {
    const from = idOf(...link.from);
    const to = idOf(...link.to);
    const through = () => (graph.edge(from, to, link.name + link.columns.join()) as { points: { x: number; y: number }[] }).points;
    const path = isLoop(link) ? loop(placed.get(from)!, link) : smooth(through());
    return { id: `${from} ${link.name}`, from, to, says: `${link.columns.join(", ")} → ${link.to[1]}.${link.targets.join(", ")}`, path };
  });
  const size = graph.graph() as { width: number; height: number };
  const linkedSize = ends.size > 0 ? { width: size.width, height: size.height } : { width: 0, height: 0 };
  const alone = shelves([...shown.values()].filter((box) => !ends.has(box.id)), linkedSize);
  return { boxes: [...boxes, ...alone.boxes], edges, width: Math.max(alone.width, 1), height: Math.max(alone.height, 1) };
}

const GAP = 28;

/** What nothing is linked to stands below, in rows about as wide as the rest. */
function shelves(boxes: Omit<Box, "x" | "y">[], above: { width: number; height: number }) {
  const widest = Math.max(above.width, 1200);
  const placed: Box[] = [];
  let [x, y, tallest, width] = [GAP, Math.max(above.height, GAP), 0, above.width];
  for (const box of boxes) {
    if (x > GAP && x + box.width > widest) [x, y, tallest] = [GAP, y + tallest + GAP, 0];
    placed.push({ ...box, x, y });
    x += box.width + GAP;
    tallest = Math.max(tallest, box.height);
    width = Math.max(width, x);
  }
  return { boxes: placed, width, height: boxes.length > 0 ? y + tallest + GAP : above.height };
}

/** A line out of the side of a box and back, from the column that refers to the one that is referred to. */
function loop(box: Box, link: Link): string {
  const height = (column: string | undefined) => {
    const at = box.columns.findIndex(({ name }) => name === column);
    return box.y + (at < 0 ? TITLE / 2 : TITLE + (at + 0.5) * LINE);
  };
  const [side, from, to] = [box.x + box.width, height(link.columns[0]), height(link.targets[0])];
  return `M${side} ${from}C${side + LOOP} ${from} ${side + LOOP} ${to} ${side} ${to}`;
}

/** A line through points, without corners. */
function smooth(points: { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${first.x} ${first.y}`;
  for (let at = 0; at < rest.length - 1; at += 1) {
    const point = rest[at]!;
    const next = rest[at + 1]!;
    path += `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  }
  const last = rest.at(-1) ?? first;
  return `${path}L${last.x} ${last.y}`;
}
