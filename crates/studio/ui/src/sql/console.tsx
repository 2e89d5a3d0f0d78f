/** Statements by hand, and what they give. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, type Cell, type Map_, type Refused, type ServerError } from "../api";
import { Grid, type Active, type GridColumn } from "../data/grid";
import { kindOfType } from "../data/kinds";
import { copy, Failure, Popover, whole } from "../parts/basics";
import { about, map, refused, say } from "../state";
import { Editor, type EditorHandle } from "./editor";
import { draft, past, remember } from "./history";
import { Plan, type Explained } from "./plan";

interface Outcome {
  sql: string;
  milliseconds: number;
  columns?: { name: string; type: string }[];
  rows?: Cell[][];
  more?: boolean;
  touched?: number;
  plan?: Explained[];
  error?: { message: string; context?: string; server?: ServerError };
}

interface Answer {
  outcomes: Outcome[];
}

type Explain = "plan" | "analyze";

/** The parameters that a text has, without those in its literals and comments. */
function parametersOf(sql: string): number {
  const bare = sql.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, "");
  return Math.max(0, ...[...bare.matchAll(/\$(\d{1,2})\b/g)].map((match) => Number(match[1])));
}

export function Console() {
  const database = about.value!.database;
  const editor = useRef<EditorHandle | undefined>(undefined);
  const [names, setNames] = useState<Map_ | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failure, setFailure] = useState<Refused | null>(null);
  const [running, setRunning] = useState<number | null>(null);
  const [parameters, setParameters] = useState<string[]>([]);
  const [wanted, setWanted] = useState(() => parametersOf(draft.read(database)));
  useEffect(() => void map().then(setNames, () => undefined), []);

  const run = async (explain?: Explain) => {
    const sql = editor.current!.selection() || editor.current!.text();
    if (running !== null || sql.trim() === "") return;
    const number = crypto.getRandomValues(new Uint32Array(1))[0]!;
    setRunning(number);
    setFailure(null);
    remember(database, sql);
    try {
      const given = Array.from({ length: parametersOf(sql) }, (_, at) => parameters[at] ?? "");
      setAnswer(await ask<Answer>("sql", { run: number, sql, parameters: given, explain }));
    } catch (error) {
      setAnswer(null);
      setFailure(refused(error));
    } finally {
      setRunning(null);
    }
  };
  const cancel = () => void ask("cancel", { run: running }).catch((error) => say(error.message));
  const changed = (text: string) => {
    draft.write(database, text);
    setWanted(parametersOf(text));
  };
  // What stands above the error looks as if it had been done.
  const isUndone = about.value!.write && answer !== null && answer.outcomes.length > 1 && answer.outcomes.some(({ error }) => error);
  return (
    <section class="sql" aria-label="SQL">
      <header class="head"><h1>SQL</h1><span class="dim">{about.value!.write ? "Each run is one transaction, committed at its end." : "Read-only: the session does not write."}</span></header>
      <div class="toolbar" role="toolbar" aria-label="Statement">
        <button type="button" class="primary" disabled={running !== null} onClick={() => void run()} title="Ctrl+Enter">Run</button>
        <button type="button" disabled={running === null} onClick={cancel}>Cancel</button>
        <button type="button" disabled={running !== null} onClick={() => void run("plan")}>Explain</button>
        <button type="button" disabled={running !== null} onClick={() => void run("analyze")}>Analyze</button>
        <span class="grow" />
        <Popover label={<>History</>}>{(close) => <Past database={database} onPick={(sql) => { editor.current!.set(sql); close(); editor.current!.focus(); }} />}</Popover>
      </div>
      <Editor initial={draft.read(database)} map={names} onRun={() => void run()} onChange={changed} handle={(handle) => (editor.current = handle)} />
      {wanted > 0 && (
        <div class="parameters">
          {Array.from({ length: wanted }, (_, at) => (
            <label key={at}>${at + 1}<input value={parameters[at] ?? ""} onInput={(event) => {
              const to = [...parameters];
              to[at] = event.currentTarget.value;
              setParameters(to);
            }} /></label>
          ))}
        </div>
      )}
      <div class="results" aria-busy={running !== null}>
        {running !== null && <p class="empty" role="status">Running…</p>}
        {running === null && failure && <div class="page"><Failure error={failure} /></div>}
        {running === null && isUndone && <p class="undone" role="status">Rolled back: a statement failed, so none of this run has changed anything.</p>}
        {running === null && answer?.outcomes.map((outcome, at) => <Result key={at} outcome={outcome} />)}
        {running === null && !answer && !failure && <p class="empty">Ctrl+Enter runs what is selected, or all of it.</p>}
      </div>
    </section>
  );
}

function Past({ database, onPick }: { database: string; onPick: (sql: string) => void }) {
  const all = past(database);
  if (all.length === 0) return <p class="dim">Nothing was run yet.</p>;
  return <ul class="history">{all.map((sql, at) => <li key={at}><button type="button" onClick={() => onPick(sql)}><code>{sql.slice(0, 120)}</code></button></li>)}</ul>;
}

function says({ rows, more, touched, error }: Outcome): string {
  if (error) return "failed";
  if (rows) return `${whole(rows.length)}${more ? " or more" : ""} ${rows.length === 1 ? "row" : "rows"}`;
  return touched === undefined ? "done" : `${whole(touched)} rows touched`;
}

function Result({ outcome }: { outcome: Outcome }) {
  return (
    <div class="outcome">
      <header>
        <code>{outcome.sql}</code>
        <span role="status">{outcome.plan ? "plan" : says(outcome)}</span>
        <span>{outcome.milliseconds.toFixed(1)} ms</span>
        {outcome.rows && <button type="button" class="quiet" onClick={() => void copy(tabbed(outcome), say)}>Copy</button>}
      </header>
      {outcome.error && <Failure error={refusedOf(outcome.error)} />}
      {outcome.plan?.[0] && <Plan plan={outcome.plan[0]} />}
      {outcome.rows && outcome.columns && outcome.columns.length > 0 && <ResultGrid columns={outcome.columns} rows={outcome.rows} />}
    </div>
  );
}

const refusedOf = (error: NonNullable<Outcome["error"]>): Refused =>
  Object.assign(refused(new Error(error.message)), { context: error.context, server: error.server });

function ResultGrid({ columns, rows }: { columns: { name: string; type: string }[]; rows: Cell[][] }) {
  const [active, setActive] = useState<Active>({ row: 0, column: 0 });
  const [shown] = useState<GridColumn[]>(() => columns.map((column) => ({ ...column, kind: kindOfType(column.type) })));
  const keys = (event: KeyboardEvent, at: Active): boolean => {
    if (event.key !== "c" || !(event.ctrlKey || event.metaKey)) return false;
    void copy(rows[at.row]?.[at.column] ?? "", say);
    event.preventDefault();
    return true;
  };
  return (
    <div class="grid-frame">
      <Grid label="Result" columns={shown} count={rows.length} row={(at) => ({ cells: rows[at]! })} active={active} onActive={setActive} onKey={keys} />
    </div>
  );
}

/** As a spreadsheet takes it. */
function tabbed({ columns, rows }: Outcome): string {
  const cell = (text: Cell) => (text ?? "").replaceAll("\t", " ").replaceAll("\n", " ");
  return [columns!.map(({ name }) => name), ...rows!].map((line) => line.map(cell).join("\t")).join("\n");
}
