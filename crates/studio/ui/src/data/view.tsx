/** The rows of a table: grid, the row beside it, and what is staged. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ask, type Cell, type Row, type Table } from "../api";
import { change, place, written, type Place } from "../address";
import { copy, Failure, short, whole } from "../parts/basics";
import { about, refused, say } from "../state";
import { changesOf, identity, insert, rowOf, set, setInsert, staged, toggleDelete, type RowOf } from "./changes";
import { CellEditor } from "./editor";
import { Grid, type Active, type GridColumn, type GridRow } from "./grid";
import { isMade, kindOf } from "./kinds";
import { Panel } from "./panel";
import { Staged } from "./review";
import { Rows } from "./rows";
import { Toolbar } from "./toolbar";
import { referenceOf, visitReference } from "./follow";

/** What decides which rows there are: everything in the address but where in them one stands. */
const question = (place: Place): string => written({ ...place, at: null });

export function DataView() {
  const { schema, table } = place.value;
  const meta = useSignal<Table | null>(null);
  const failure = useSignal<ReturnType<typeof refused> | null>(null);
  useEffect(() => {
    ask<Table>("columns", { schema, table }).then((read) => (meta.value = read), (error) => (failure.value = refused(error)));
  }, []);
  if (failure.value) return <div class="page"><Failure error={failure.value} /></div>;
  if (!meta.value) return <p class="empty" role="status">Reading…</p>;
  return <Data meta={meta.value} />;
}

function Data({ meta }: { meta: Table }) {
  const here = place.value;
  const { schema, table } = here;
  const asked = question(here);
  const again = useSignal(0);
  const rows = useMemo(() => new Rows(here), [asked, again.value]);
  useEffect(() => {
    void rows.load(place.value.at);
    return () => rows.stop();
  }, [rows]);
  const columns = useMemo(() => {
    const names = here.columns.length ? here.columns : meta.columns.map((column) => column.name);
    return names.map((name) => meta.columns.find((column) => column.name === name)).filter((column) => column !== undefined);
  }, [meta, here.columns.join()]);
  const gridColumns = useMemo<GridColumn[]>(
    () => columns.map((column) => ({ name: column.name, type: column.type, kind: kindOf(column), isKey: meta.key?.includes(column.name), sortable: column.sortable })),
    [columns],
  );
  const changes = useMemo(() => changesOf(schema, table), []);
  const active = useSignal<Active>({ row: 0, column: 0 });
  const panel = useSignal(false);
  const editing = useSignal(false);
  const mayEdit = about.value!.write && (meta.kind === "table" || meta.kind === "partitioned table");
  const inserts = changes.value.inserts;
  const loaded = rows.rows.value;
  const count = inserts.length + loaded.length;

  const rowAt = (index: number): Row | undefined => loaded[index - inserts.length];
  const identityOf = (row: Row): RowOf => rowOf(schema, table, rows.key.value, row);
  const gridRow = (index: number): GridRow => {
    const added = inserts[index];
    if (added) return { cells: columns.map((column) => added.values[column.name]), state: "added" };
    const row = rowAt(index)!;
    const own = mayEdit ? changes.value.byRow.get(identity(identityOf(row).key)) : undefined;
    if (own?.kind === "delete") return { cells: row.cells, state: "removed" };
    if (!own) return { cells: row.cells };
    const changed = new Set<number>();
    const cells = columns.map((column, at) => {
      if (!(column.name in own.values)) return row.cells[at] ?? null;
      changed.add(at);
      return own.values[column.name] ?? null;
    });
    return { cells, changed };
  };

  /** Where the grid gives a cell to the editor, and takes it back. */
  const setCell = (at: Active, value: Cell) => {
    const column = columns[at.column]!;
    const added = inserts[at.row];
    if (added) setInsert(added.id, column.name, value);
    else set(identityOf(rowAt(at.row)!), column.name, value, rowAt(at.row)!.cells[at.column] ?? null);
  };
  const open = (at: Active) => {
    const column = columns[at.column];
    const row = rowAt(at.row);
    const isCut = row?.cut?.includes(at.column);
    const isLong = (row?.cells[at.column]?.length ?? 0) > 80 || (column && kindOf(column) === "json");
    if (mayEdit && column && !isMade(column) && !isCut && !isLong) editing.value = true;
    else panel.value = true;
  };
  const refocus = () => document.querySelector<HTMLElement>(".grid")?.focus();
  const keys = (event: KeyboardEvent, at: Active): boolean => {
    const row = rowAt(at.row);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === " " && plain) panel.value = !panel.value;
    else if (event.key === "Escape" && panel.value) panel.value = false;
    else if (event.key === "c" && (event.ctrlKey || event.metaKey)) void copy(gridRow(at.row).cells[at.column] ?? "", say);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const reference = referenceOf(meta, columns[at.column]!.name);
      if (!reference || !row) return false;
      visitReference(reference, (name) => row.cells[columns.findIndex((column) => column.name === name)] ?? null);
    } else if (event.key === "Delete" && mayEdit && row) toggleDelete(identityOf(row));
    else if (event.key === "F2") open(at);
    else return false;
    event.preventDefault();
    return true;
  };

  // What comes before the active row moves it down.
  const before = useRef(0);
  useEffect(() => {
    const more = rows.prepended.value - before.current;
    before.current = rows.prepended.value;
    if (more > 0) active.value = { ...active.value, row: active.value.row + more };
  }, [rows.prepended.value]);
  const remember = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const first = (top: number) => {
    clearTimeout(remember.current);
    remember.current = setTimeout(() => {
      const row = loaded[Math.max(0, top - inserts.length)];
      if (!row || question(place.value) !== asked) return;
      const isStart = top === 0 && !rows.before.value;
      const at = isStart || rows.key.value.length === 0 ? null : { from: row.place };
      if (JSON.stringify(at) !== JSON.stringify(place.value.at)) change({ at }, true);
    }, 300);
  };
  const sort = (column: string, also: boolean) => {
    const there = here.sort.find((sort) => sort.column === column);
    const rest = also ? here.sort.filter((sort) => sort.column !== column) : [];
    const now = !there ? [{ column, descending: false }] : there.descending ? [] : [{ column, descending: true }];
    active.value = { row: 0, column: active.value.column };
    change({ sort: [...rest, ...now], at: null });
  };
  const selected = useComputed(() => Math.min(active.value.row, Math.max(0, count - 1)));
  const where = { row: Math.min(active.value.row, Math.max(0, count - 1)), column: Math.min(active.value.column, columns.length - 1) };
  return (
    <>
      <Toolbar meta={meta} mayEdit={mayEdit} onAdd={() => { insert(schema, table); active.value = { row: 0, column: 0 }; panel.value = true; }}
        onRow={() => (panel.value = !panel.value)} onImported={() => (again.value += 1)} />
      {rows.failure.value && <div class="page"><Failure error={rows.failure.value} /></div>}
      <div class="grid-frame">
        <Grid key={asked} label={`Rows of ${schema}.${table}`} columns={gridColumns} count={count} row={gridRow} active={where}
          onActive={(to) => { if (to.row !== active.value.row || to.column !== active.value.column) { editing.value = false; active.value = to; } }}
          sort={here.sort} onSort={sort} selected={panel.value ? selected.value : undefined} onOpen={open} onKey={keys} onFirst={first}
          prepended={rows.prepended.value} onEdge={(edge) => void (edge === "end" ? rows.more() : rows.earlier())}
          editor={editing.value && count > 0 && (
            <CellEditor key={`${where.row}-${where.column}`} column={columns[where.column]!} value={gridRow(where.row).cells[where.column]}
              onDone={(value, down) => {
                editing.value = false;
                if (value !== undefined) setCell(where, value);
                active.value = { row: Math.min(where.row + down, count - 1), column: where.column };
                refocus();
              }} />
          )} />
        {panel.value && count > 0 && (
          <Panel key={inserts[where.row]?.id ?? JSON.stringify(rowAt(where.row)?.key)} meta={meta} columns={columns} mayEdit={mayEdit} active={where.column}
            row={rowAt(where.row)} of={rowAt(where.row) && identityOf(rowAt(where.row)!)} added={inserts[where.row]} shown={gridRow(where.row)}
            onClose={() => { panel.value = false; refocus(); }} />
        )}
      </div>
      <footer class="foot">
        <Count rows={rows} estimate={here.filter.length || here.find ? null : meta.rows} />
        <span class="grow" />
        {staged.value.length > 0 && <Staged onSaved={() => (again.value += 1)} />}
      </footer>
    </>
  );
}

function Count({ rows, estimate }: { rows: Rows; estimate: number | null }) {
  const loaded = rows.rows.value.length;
  const isAll = !rows.before.value && !rows.after.value && !rows.loading.value;
  const count = rows.count.value;
  if (rows.failure.value && loaded === 0) return null;
  return (
    <>
      <span role="status">
        {rows.loading.value && loaded === 0 ? "Reading…" : isAll ? `${whole(loaded)} ${loaded === 1 ? "row" : "rows"}` : `${whole(loaded)} rows read`}
        {!isAll && count !== null && ` of ${whole(count)}`}
        {!isAll && count === null && estimate !== null && ` of about ${short(estimate)}`}
      </span>
      {!isAll && count === null && loaded > 0 && <button type="button" class="quiet" onClick={() => void rows.countAll()}>Count</button>}
    </>
  );
}
