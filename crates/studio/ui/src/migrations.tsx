/** The timeline of migrations, what `migrate` would do, and whether code, files and database agree. */
import { useEffect, useState } from "preact/hooks";
import { ask, type Refused } from "./api";
import { change, follow, hrefOf, place } from "./address";
import { AllDifferences, compare } from "./differences";
import { Failure } from "./parts/basics";
import { refused } from "./state";

type State = "applied" | "pending" | "half-applied" | "half-edited" | "edited" | "out-of-order";

interface Migration {
  tag: string;
  idx: number;
  when: number;
  hash: string;
  file: string;
  sql: string;
  statements: number;
  units: number;
  status: { state: State };
  says: string;
}

interface Timeline {
  migrations: Migration[];
  unknown: { id: number; hash: string; created_at: number | null }[];
  plan: string[];
}

interface Finding {
  tag: string;
  rule: string;
  level: string;
  line: number;
  message: string;
  help: string;
}

const words: Record<State, string> = {
  applied: "applied", pending: "pending", "half-applied": "half applied", "half-edited": "half applied, edited", edited: "edited", "out-of-order": "out of order",
};
const tone = (state: State) => (state === "applied" ? "good" : state === "pending" || state === "half-applied" ? "warn" : "bad");
const date = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

export function Migrations() {
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  const [findings, setFindings] = useState<Finding[] | Refused | null>(null);
  const [failure, setFailure] = useState<Refused | null>(null);
  useEffect(() => {
    ask<Timeline>("migrations").then(setTimeline, (error) => setFailure(refused(error)));
    ask<Finding[]>("findings").then(setFindings, (error) => setFindings(refused(error)));
  }, []);
  const chosen = place.value.migration;
  const migration = timeline?.migrations.find(({ tag }) => tag === chosen);
  const link = (tag: string) => ({ view: "migrations" as const, migration: tag });
  return (
    <section aria-label="Migrations">
      <header class="head"><h1>Migrations</h1>{timeline && <span class="dim">{plan(timeline)}</span>}</header>
      <div class="toolbar"><button type="button" class="quiet" aria-pressed={!chosen} onClick={() => change({ migration: "" })}>Code, files and database</button></div>
      {failure && <div class="page"><Failure error={failure} /></div>}
      {timeline && (
        <div class="timeline">
          <ol tabIndex={0} aria-label="Timeline, newest first">
            {[...timeline.migrations].reverse().map(({ tag, when, status }) => (
              <li key={tag}>
                <a class={`step ${status.state === "applied" ? "applied" : tone(status.state) === "warn" ? "pending" : "bad"}`} href={hrefOf(link(tag))}
                  aria-current={tag === chosen ? "true" : undefined} onClick={follow(link(tag))}>
                  <span class="dot" aria-hidden="true" />
                  <span class="tag">{tag}</span>
                  <span class="when">{date.format(when)} · <span class={`badge ${tone(status.state)}`}>{words[status.state]}</span></span>
                </a>
              </li>
            ))}
            {timeline.unknown.map((row) => (
              <li key={row.id} class="step bad"><span class="dot" aria-hidden="true" /><span class="tag">Row {row.id} of the ledger</span><span class="when">of no migration in this folder</span></li>
            ))}
            {timeline.migrations.length === 0 && <li class="empty">There are no migrations yet.</li>}
          </ol>
          {migration ? <One migration={migration} findings={findings} /> : <Overall onAgain={() => void compare(true)} />}
        </div>
      )}
    </section>
  );
}

function plan({ plan, migrations }: Timeline): string {
  if (migrations.length === 0) return "";
  return plan.length === 0 ? "Nothing is pending." : `cargo xtask migrate would apply ${plan.join(", ")}.`;
}

const Overall = ({ onAgain }: { onAgain: () => void }) => (
  <div class="page" tabIndex={0} role="region" aria-label="Differences">
    <div class="block">
      <div class="head" style={{ padding: "0" }}><h2 class="grow">Do code, files and database agree?</h2><button type="button" onClick={onAgain}>Compare again</button></div>
      <AllDifferences />
    </div>
  </div>
);

function One({ migration, findings }: { migration: Migration; findings: Finding[] | Refused | null }) {
  const own = Array.isArray(findings) ? findings.filter(({ tag }) => tag === migration.tag) : [];
  const lines = new Set(own.map(({ line }) => line));
  return (
    <div class="page" tabIndex={0} role="region" aria-label={migration.tag}>
      <div class="block">
        <h2>{migration.tag}</h2>
        <p>{migration.says}</p>
        <dl class="facts">
          <div><dt>File</dt><dd>{migration.file.split("/").pop()}</dd></div>
          <div><dt>Statements</dt><dd>{migration.statements}{migration.units > 1 && ` in ${migration.units} units`}</dd></div>
          <div><dt>SHA-256</dt><dd><code>{migration.hash.slice(0, 16)}…</code></dd></div>
        </dl>
      </div>
      <div class="block">
        <h3>Lint</h3>
        {findings === null && <p class="dim" role="status">Linting…</p>}
        {findings !== null && !Array.isArray(findings) && <Failure error={findings} />}
        {Array.isArray(findings) && own.length === 0 && <p class="dim">Nothing to say.</p>}
        {own.map((finding, at) => (
          <div class={`finding ${finding.level === "error" ? "error-level" : ""}`} key={at}>
            <strong>{finding.message}</strong>
            <span>{finding.help}</span>
            <span class="dim">line {finding.line} · {finding.rule} · {finding.level}</span>
          </div>
        ))}
      </div>
      <div class="code-box">
        <pre class="source">
          {migration.sql.trimEnd().split("\n").map((text, at) => <span key={at} class={`line ${lines.has(at + 1) ? "found" : ""}`}>{text || " "}</span>)}
        </pre>
      </div>
    </div>
  );
}
