/** What is staged: how much, as SQL, and saving it. */
import { useEffect, useState } from "preact/hooks";
import { ask, type Cell, type Refused } from "../api";
import { Dialog, Failure } from "../parts/basics";
import { refused, say } from "../state";
import { drop, forServer, rebase, staged } from "./changes";

export function Staged({ onSaved }: { onSaved: () => void }) {
  const [open, setOpen] = useState(false);
  const count = staged.value.length;
  return (
    <div class="staged">
      <span>{count} {count === 1 ? "change" : "changes"} not saved</span>
      <button type="button" class="quiet" onClick={() => (staged.value = [])}>Discard</button>
      <button type="button" class="primary" onClick={() => setOpen(true)}>Review and save</button>
      {open && <Review onClose={() => setOpen(false)} onSaved={onSaved} />}
    </div>
  );
}

interface Now {
  values: Record<string, Cell>;
  version: string;
}

function Review({ onClose, onSaved }: { onClose: () => void; onSaved: () => void }) {
  const [sql, setSql] = useState<string[] | null>(null);
  const [failure, setFailure] = useState<Refused | null>(null);
  const [saving, setSaving] = useState(false);
  const changes = staged.value;
  useEffect(() => {
    ask<{ sql: string[] }>("preview", forServer(changes)).then(({ sql }) => setSql(sql), (error) => setFailure(refused(error)));
  }, [changes]);
  useEffect(() => {
    if (changes.length === 0) onClose();
  }, [changes.length]);
  const save = async () => {
    setSaving(true);
    setFailure(null);
    try {
      const { saved } = await ask<{ saved: number }>("save", forServer(changes));
      staged.value = [];
      say(`Saved ${saved} ${saved === 1 ? "change" : "changes"}.`);
      onSaved();
      onClose();
    } catch (error) {
      setFailure(refused(error));
    } finally {
      setSaving(false);
    }
  };
  const conflict = failure?.status === 409 ? changes[(failure.body.change as number) - 1] : undefined;
  return (
    <Dialog
      title="Changes, saved in one transaction"
      onClose={onClose}
      actions={<button type="button" class="primary" disabled={saving || !sql} onClick={() => void save()}>{saving ? "Saving…" : `Save ${changes.length}`}</button>}
    >
      {failure && !conflict && <Failure error={failure} />}
      {conflict && failure && conflict.kind !== "insert" && (
        <Conflict now={failure.body.now as Now | null} mine={conflict.kind === "update" ? conflict.values : null}
          onKeep={(version) => { rebase(conflict.id, version); setFailure(null); }} onDrop={() => { drop(conflict.id); setFailure(null); }} />
      )}
      <ol class="block">
        {sql?.map((text, at) => (
          <li key={changes[at]?.id ?? at} class="code-box"><pre>{text}</pre></li>
        )) ?? (!failure && <p class="dim">Writing the SQL…</p>)}
      </ol>
    </Dialog>
  );
}

function Conflict(props: { now: Now | null; mine: Record<string, Cell> | null; onKeep: (version: string) => void; onDrop: () => void }) {
  const { now, mine } = props;
  return (
    <div class="finding" role="alert">
      <strong>{now ? "Somebody changed this row in the meantime. Nothing was saved." : "This row is gone. Nothing was saved."}</strong>
      {now && mine && (
        <table class="list">
          <thead><tr><th>Column</th><th>In the database now</th><th>Yours</th></tr></thead>
          <tbody>
            {Object.entries(mine).map(([column, value]) => (
              <tr key={column}><td class="name">{column}</td><td>{now.values[column] ?? "null"}</td><td>{value ?? "null"}</td></tr>
            ))}
          </tbody>
        </table>
      )}
      <div class="filters">
        {now && <button type="button" onClick={() => props.onKeep(now.version)}>{mine ? "Keep mine" : "Delete all the same"}</button>}
        <button type="button" onClick={props.onDrop}>Drop this change</button>
      </div>
    </div>
  );
}
