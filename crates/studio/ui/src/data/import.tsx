/** Rows from a CSV file: which column goes where, what its first rows are, and then all of them at once. */
import { useState } from "preact/hooks";
import { ask, type Refused, type Table } from "../api";
import { place } from "../address";
import { Dialog, Failure, whole } from "../parts/basics";
import { refused, say } from "../state";

interface Preview {
  header: boolean;
  columns: (string | null)[];
  rows: string[][];
}

/** What of a file the preview is made of. */
const BEGINNING = 64 * 1024;

export function Import({ meta, onClose, onImported }: { meta: Table; onClose: () => void; onImported: () => void }) {
  const { schema, table } = place.value;
  const [csv, setCsv] = useState("");
  const [preview, setPreview] = useState<Preview | null>(null);
  const [failure, setFailure] = useState<Refused | null>(null);
  const [working, setWorking] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setFailure(null);
    setWorking(true);
    await work().catch((error) => setFailure(refused(error)));
    setWorking(false);
  };
  const read = (file: File | undefined) => file && attempt(async () => {
    const text = await file.text();
    const end = text.lastIndexOf("\n", BEGINNING);
    setCsv(text);
    setPreview(await ask<Preview>("import/preview", { schema, table, csv: text.length > BEGINNING && end > 0 ? text.slice(0, end) : text }));
  });
  const run = () => attempt(async () => {
    const { rows } = await ask<{ rows: number }>("import", { schema, table, csv, header: preview!.header, columns: preview!.columns });
    say(`Imported ${whole(rows)} rows.`);
    onImported();
    onClose();
  });
  const map = (at: number, column: string) =>
    setPreview({ ...preview!, columns: preview!.columns.map((there, other) => (other === at ? column || null : there === column ? null : there)) });
  return (
    <Dialog title={`Import into ${schema}.${table}`} onClose={onClose}
      actions={<button type="button" class="primary" disabled={!preview || working} onClick={() => void run()}>{working ? "Working…" : "Import all rows"}</button>}>
      <label class="field">
        <span>CSV file</span>
        <input type="file" accept=".csv,text/csv" onChange={(event) => void read(event.currentTarget.files?.[0])} />
      </label>
      {failure && <Failure error={failure} />}
      {preview && (
        <>
          <label class="choice"><input type="checkbox" checked={preview.header} onChange={(event) => setPreview({ ...preview, header: event.currentTarget.checked })} />The first line has the names of the columns</label>
          <div class="scroll" tabIndex={0} role="region" aria-label="Preview">
            <table class="list">
              <thead>
                <tr>
                  {preview.columns.map((column, at) => (
                    <th key={at}>
                      <select aria-label={`Column ${at + 1} of the file goes to`} value={column ?? ""} onChange={(event) => map(at, event.currentTarget.value)}>
                        <option value="">leave out</option>
                        {meta.columns.filter((column) => !column.generated).map((column) => <option key={column.name}>{column.name}</option>)}
                      </select>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {preview.rows.slice(preview.header ? 1 : 0, 12).map((row, at) => (
                  <tr key={at}>{preview.columns.map((_, cell) => <td key={cell}>{row[cell] || <span class="dim">null</span>}</td>)}</tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="dim">All rows are inserted in one transaction, or none. What is empty becomes null.</p>
        </>
      )}
    </Dialog>
  );
}
