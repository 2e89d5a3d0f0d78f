/** Tables and the foreign keys between them, as a map that is dragged and zoomed. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Map_, MapTable, Refused } from "../api";
import { visit } from "../address";
import { Failure } from "../parts/basics";
import { map, overview, refused, say } from "../state";
import { draw, LINE, nameIn, TITLE, titleIn, titleOf, typeOf, type Box, type Drawing } from "./layout";
import { savePng, saveSvg } from "./save";

/** Tables at once; beyond, a map shows nothing any more. */
const TABLES = 300;

export function Diagram() {
  const [read, setRead] = useState<Map_ | null>(null);
  const [failure, setFailure] = useState<Refused | null>(null);
  const [schema, setSchema] = useState("");
  const [isCompact, setCompact] = useState(false);
  const svg = useRef<SVGSVGElement>(null);
  useEffect(() => void map().then(setRead, (error) => setFailure(refused(error))), []);
  const all = useMemo(() => read?.tables.filter((table) => !schema || table.schema === schema) ?? [], [read, schema]);
  const drawing = useMemo(() => (read ? draw(read, fewer(read, all), isCompact) : null), [read, all, isCompact]);
  return (
    <section aria-label="Diagram">
      <header class="head"><h1>Diagram</h1>{all.length > TABLES && <span class="badge warn">the {TABLES} most linked of {all.length} tables</span>}</header>
      <div class="toolbar" role="toolbar" aria-label="Diagram">
        <select aria-label="Schema" value={schema} onChange={(event) => setSchema(event.currentTarget.value)}>
          <option value="">All schemas</option>
          {overview.value!.schemas.map((name) => <option key={name}>{name}</option>)}
        </select>
        <label class="choice"><input type="checkbox" checked={isCompact} onChange={() => setCompact(!isCompact)} />Keys only</label>
        <span class="grow" />
        <button type="button" disabled={!drawing} onClick={() => saveSvg(svg.current!, drawing!)}>Save SVG</button>
        <button type="button" disabled={!drawing} onClick={() => void savePng(svg.current!, drawing!).catch((error) => say(String(error)))}>Save PNG</button>
      </div>
      {failure && <div class="page"><Failure error={failure} /></div>}
      {!drawing && !failure && <p class="empty" role="status">Laying out…</p>}
      {drawing && (drawing.boxes.length === 0 ? <p class="empty">There are no tables here.</p> : <Canvas drawing={drawing} svg={svg} />)}
    </section>
  );
}

function fewer(map: Map_, tables: MapTable[]): MapTable[] {
  if (tables.length <= TABLES) return tables;
  const links = new Map<string, number>();
  for (const { from, to } of map.links) for (const [schema, name] of [from, to]) links.set(`${schema}.${name}`, (links.get(`${schema}.${name}`) ?? 0) + 1);
  const most = (table: MapTable) => links.get(`${table.schema}.${table.name}`) ?? 0;
  return [...tables].sort((one, other) => most(other) - most(one)).slice(0, TABLES);
}

interface Seen {
  x: number;
  y: number;
  scale: number;
}

function Canvas({ drawing, svg }: { drawing: Drawing; svg: { current: SVGSVGElement | null } }) {
  const [seen, setSeen] = useState<Seen>({ x: 0, y: 0, scale: 1 });
  const [near, setNear] = useState<string | null>(null);
  const fit = () => {
    const { clientWidth: width, clientHeight: height } = svg.current!;
    const scale = Math.min(1.2, Math.max(0.05, Math.min(width / drawing.width, height / drawing.height)));
    setSeen({ x: (width - drawing.width * scale) / 2, y: (height - drawing.height * scale) / 2, scale });
  };
  useEffect(fit, [drawing]);
  const zoom = (by: number, at?: { x: number; y: number }) => setSeen((there) => {
    const point = at ?? { x: svg.current!.clientWidth / 2, y: svg.current!.clientHeight / 2 };
    const scale = Math.min(4, Math.max(0.05, there.scale * by));
    const grown = scale / there.scale;
    return { scale, x: point.x - (point.x - there.x) * grown, y: point.y - (point.y - there.y) * grown };
  });
  const drag = (event: PointerEvent) => {
    if ((event.target as Element).closest(".node") || event.button !== 0) return;
    const from = { x: event.clientX - seen.x, y: event.clientY - seen.y };
    const element = svg.current!;
    element.setPointerCapture(event.pointerId);
    const moved = (now: PointerEvent) => setSeen((there) => ({ ...there, x: now.clientX - from.x, y: now.clientY - from.y }));
    element.addEventListener("pointermove", moved);
    element.addEventListener("pointerup", () => element.removeEventListener("pointermove", moved), { once: true });
  };
  useEffect(() => {
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const corner = svg.current!.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 500), { x: event.clientX - corner.x, y: event.clientY - corner.y });
    };
    svg.current!.addEventListener("wheel", wheel, { passive: false });
    return () => svg.current?.removeEventListener("wheel", wheel);
  }, []);
  const keys = (event: KeyboardEvent) => {
    const step = 60;
    const moves: Record<string, () => void> = {
      ArrowLeft: () => setSeen({ ...seen, x: seen.x + step }), ArrowRight: () => setSeen({ ...seen, x: seen.x - step }),
      ArrowUp: () => setSeen({ ...seen, y: seen.y + step }), ArrowDown: () => setSeen({ ...seen, y: seen.y - step }),
      "+": () => zoom(1.25), "-": () => zoom(0.8), "0": fit,
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]!();
  };
  return (
    <div class="diagram" onKeyDown={keys}>
      <svg ref={svg} class="map" role="group" aria-label={`${drawing.boxes.length} tables and ${drawing.edges.length} foreign keys`} onPointerDown={drag}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
            <path class="arrow" d="M0 0.5L7 4L0 7.5" fill="none" />
          </marker>
        </defs>
        <g transform={`translate(${seen.x} ${seen.y}) scale(${seen.scale})`}>
          {drawing.edges.map((edge) => (
            <path key={edge.id} class={`edge ${near && (edge.from === near || edge.to === near) ? "near" : ""}`} d={edge.path} fill="none" marker-end="url(#arrow)"><title>{edge.says}</title></path>
          ))}
          {drawing.boxes.map((box) => <TableBox key={box.id} box={box} onNear={setNear} />)}
        </g>
      </svg>
      <div class="zoom">
        <button type="button" aria-label="Zoom out" onClick={() => zoom(0.8)}>−</button>
        <button type="button" onClick={fit}>Fit</button>
        <button type="button" aria-label="Zoom in" onClick={() => zoom(1.25)}>+</button>
      </div>
    </div>
  );
}

function TableBox({ box, onNear }: { box: Box; onNear: (id: string | null) => void }) {
  const { table, width, height } = box;
  const open = () => visit({ view: "structure", schema: table.schema, table: table.name });
  return (
    <g class="node" transform={`translate(${box.x} ${box.y})`} onDblClick={open} onMouseEnter={() => onNear(box.id)} onMouseLeave={() => onNear(null)}>
      <rect class="box" width={width} height={height} rx={6} />
      <g class="link" role="link" tabIndex={0} onKeyDown={(event) => event.key === "Enter" && open()} onFocus={() => onNear(box.id)} onBlur={() => onNear(null)}>
        <rect class="title" x={1} y={1} width={width - 2} height={TITLE - 2} rx={5} />
        <text class="name" x={10} y={18}>{titleIn(box)}</text>
        <title>{titleOf(table)}</title>
      </g>
      {box.columns.map((column, at) => (
        <g key={column.name} transform={`translate(0 ${TITLE + at * LINE})`}>
          <text x={10} y={15} class={column.key ? "name" : ""}>{nameIn(box, column)}{column.nullable ? "" : " •"}</text>
          <text class="type" x={width - 10} y={15} text-anchor="end">{typeOf(column)}</text>
          <title>{column.name}</title>
        </g>
      ))}
      {box.hidden > 0 && <text class="type" x={10} y={TITLE + box.columns.length * LINE + 15}>{box.hidden} more</text>}
    </g>
  );
}
