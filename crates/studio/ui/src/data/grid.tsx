/**
 * Rows and columns, of which only those are drawn that are seen. One cell is the active one; the keyboard moves it, and
 * a screen reader is told of it by `aria-activedescendant`, since the cells come and go.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { Cell } from "../api";
import { Icon } from "../parts/basics";
import { useVirtual } from "../parts/virtual";
import { line, type Kind } from "./kinds";

export const ROW = 30;
const HEAD = 36;

export interface GridColumn {
  name: string;
  type: string;
  kind: Kind;
  isKey?: boolean;
  sortable?: boolean;
}

export interface GridRow {
  cells: (Cell | undefined)[];
  state?: "added" | "removed";
  changed?: Set<number>;
}

export interface Active {
  row: number;
  column: number;
}

export interface GridProps {
  label: string;
  columns: GridColumn[];
  count: number;
  row: (index: number) => GridRow;
  active: Active;
  onActive: (active: Active) => void;
  sort?: { column: string; descending: boolean }[];
  onSort?: (column: string, also: boolean) => void;
  /** The row that is shown beside the grid. */
  selected?: number;
  onOpen?: (active: Active) => void;
  onKey?: (event: KeyboardEvent, active: Active) => boolean;
  /** What stands over the active cell while it is edited. */
  editor?: ComponentChildren;
  onEdge?: (edge: "start" | "end") => void;
  onFirst?: (row: number) => void;
  /** Rows that came before those that were there. */
  prepended?: number;
}

export function Grid(props: GridProps) {
  const { columns, count, active, onActive } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [resized, setResized] = useState<Record<string, number>>({});
  const sample = Math.min(count, 60);
  const widths = useMemo(() => columns.map((column, at) => widthOf(column, at, sample, props.row)), [columns, sample > 0]);
  const width = (at: number) => resized[columns[at]?.name ?? ""] ?? widths[at] ?? 120;

  const down = useVirtual({ count, size: () => ROW, scroller, overscan: 12, paddingStart: HEAD });
  const across = useVirtual({ count: columns.length, size: width, scroller, horizontal: true, overscan: 3 });
  useEffect(() => across.measure(), [columns, resized, widths]);
  const rows = down.getVirtualItems();
  const shown = across.getVirtualItems();
  const total = across.getTotalSize();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;

  useEffect(() => {
    if (count === 0) return;
    if (last >= count - 40) props.onEdge?.("end");
    if (first === 0) props.onEdge?.("start");
  }, [first, last, count]);
  const top = Math.max(0, Math.floor((down.scrollOffset ?? 0) / ROW));
  useEffect(() => props.onFirst?.(top), [top]);
  const prepended = useRef(props.prepended ?? 0);
  useEffect(() => {
    const more = (props.prepended ?? 0) - prepended.current;
    prepended.current = props.prepended ?? 0;
    if (more > 0 && scroller.current) scroller.current.scrollTop += more * ROW;
  }, [props.prepended]);

  const move = (row: number, column: number) => {
    const to = { row: clamp(row, count), column: clamp(column, columns.length) };
    onActive(to);
    down.scrollToIndex(to.row, { align: "auto" });
    across.scrollToIndex(to.column, { align: "auto" });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.target !== scroller.current || props.onKey?.(event, active)) return;
    const page = Math.max(1, Math.floor((scroller.current!.clientHeight - HEAD) / ROW) - 1);
    const { row, column } = active;
    const all = event.ctrlKey || event.metaKey;
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(row + 1, column),
      ArrowUp: () => move(row - 1, column),
      ArrowRight: () => move(row, column + 1),
      ArrowLeft: () => move(row, column - 1),
      PageDown: () => move(row + page, column),
      PageUp: () => move(row - page, column),
      Home: () => move(all ? 0 : row, 0),
      End: () => move(all ? count - 1 : row, columns.length - 1),
      Enter: () => props.onOpen?.(active),
    };
    const chosen = moves[event.key];
    if (chosen) {
      event.preventDefault();
      chosen();
    }
  };
  const cellId = (row: number, column: number) => `${id}-${row}-${column}`;
  return (
    <div
      class="grid"
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={count > 0 ? cellId(active.row, active.column) : undefined}
      onKeyDown={keys}
    >
      <div class="canvas" role="presentation" style={{ height: px(down.getTotalSize()), width: px(total), minWidth: "100%" }}>
        <div class="heads" role="row" aria-rowindex={1} style={{ width: px(total), minWidth: "100%" }}>
          {shown.map(({ index, start, size }) => (
            <Head key={columns[index]!.name + index} column={columns[index]!} at={index} start={start} size={size} grid={props}
              onResize={(to) => setResized({ ...resized, [columns[index]!.name]: to })} />
          ))}
        </div>
        {rows.map(({ index, start }) => {
          const row = props.row(index);
          return (
            <div key={index} class={`row ${row.state ?? ""}`} role="row" aria-rowindex={index + 2} aria-selected={props.selected === index}
              style={{ transform: `translateY(${px(start)})`, width: px(total), minWidth: "100%" }}>
              {shown.map((item) => {
                const at = item.index;
                const isActive = active.row === index && active.column === at;
                return (
                  <div key={at} id={cellId(index, at)} role="gridcell" aria-colindex={at + 1}
                    class={`cell ${cellClass(columns[at]!.kind)}${isActive ? " active" : ""}${row.changed?.has(at) ? " changed" : ""}`}
                    style={{ left: px(item.start), width: px(item.size) }}
                    onMouseDown={() => onActive({ row: index, column: at })}
                    onDblClick={() => props.onOpen?.({ row: index, column: at })}>
                    <Shown cell={row.cells[at]} kind={columns[at]!.kind} />
                  </div>
                );
              })}
            </div>
          );
        })}
        {props.editor && (
          <div class="cell-editor" style={{ top: px(HEAD + active.row * ROW), left: px(offsetOf(active.column, width)) }}>{props.editor}</div>
        )}
      </div>
    </div>
  );
}

/** A cell's value on its one line. */
export function Shown({ cell, kind }: { cell: Cell | undefined; kind: Kind }) {
  if (cell === undefined) return <span class="null">default</span>;
  if (cell === null) return <span class="null">null</span>;
  if (cell === "") return <span class="null">empty</span>;
  return kind === "enum" ? <span class="label">{cell}</span> : <>{line(cell, kind)}</>;
}

function Head(props: { column: GridColumn; at: number; start: number; size: number; grid: GridProps; onResize: (to: number) => void }) {
  const { column, grid } = props;
  const sorted = grid.sort?.find((sort) => sort.column === column.name);
  const drag = (event: PointerEvent) => {
    const handle = event.currentTarget as HTMLElement;
    const from = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const moved = (now: PointerEvent) => props.onResize(Math.max(56, props.size + now.clientX - from));
    handle.addEventListener("pointermove", moved);
    handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", moved), { once: true });
  };
  const inside = (
    <>
      {column.isKey && <Icon name="key" />}
      <span class="name">{column.name}</span>
      <span class="type">{column.type}</span>
      {sorted && <Icon name={sorted.descending ? "down" : "up"} />}
    </>
  );
  const can = grid.onSort && column.sortable !== false;
  return (
    <div class="head-cell" role="columnheader" aria-colindex={props.at + 1} style={{ left: px(props.start), width: px(props.size) }}
      aria-sort={sorted ? (sorted.descending ? "descending" : "ascending") : can ? "none" : undefined}>
      <button type="button" tabIndex={-1} disabled={!can} title={can ? `Sort by ${column.name}; with Shift, also by it` : `${column.name} ${column.type}`}
        onClick={(event) => grid.onSort?.(column.name, event.shiftKey)}>{inside}</button>
      <span class="resize" onPointerDown={drag} />
    </div>
  );
}

const px = (size: number): string => `${size}px`;
const clamp = (at: number, count: number): number => Math.max(0, Math.min(at, count - 1));
const cellClass = (kind: Kind): string => (kind === "number" ? "number" : kind === "text" || kind === "enum" || kind === "boolean" ? "" : "code");

function offsetOf(column: number, width: (at: number) => number): number {
  let left = 0;
  for (let at = 0; at < column; at += 1) left += width(at);
  return left;
}

/** Wide enough for most of what is in it, and for its name. */
function widthOf(column: GridColumn, at: number, sample: number, row: (index: number) => GridRow): number {
  let letters = column.name.length + column.type.length * 0.85 + (column.isKey ? 5 : 3);
  for (let index = 0; index < sample; index += 1) letters = Math.max(letters, Math.min(row(index).cells[at]?.length ?? 4, 44) + 2);
  return Math.round(Math.max(72, Math.min(letters * 7.4 + 16, 380)));
}
