/** What a table is made of. */
import { useEffect, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { ask, type Refused, type Table } from "./api";
import { follow, hrefOf } from "./address";
import { bytes, copy, Failure, short } from "./parts/basics";
import { Differences } from "./differences";
import { refused, say } from "./state";

interface Parts {
  sizes: { table: number; indexes: number; total: number } | null;
  owner: string;
  rowSecurity: string;
  partitionKey: string | null;
  partitionOf: string | null;
  partitions: { name: string; bound: string }[];
  query: string | null;
  indexes: { name: string; definition: string; unique: boolean; primary: boolean; valid: boolean; size: number; scans: number | null }[];
  constraints: { name: string; kind: string; definition: string; validated: boolean }[];
  policies: { name: string; command: string; permissive: boolean; roles: string[]; using: string | null; check: string | null }[];
  triggers: { name: string; definition: string; enabled: boolean }[];
}

export function Structure({ schema, table }: { schema: string; table: string }) {
  const [read, setRead] = useState<{ meta: Table; parts: Parts } | null>(null);
  const [failure, setFailure] = useState<Refused | null>(null);
  useEffect(() => {
    const name = { schema, table };
    Promise.all([ask<Table>("columns", name), ask<Parts>("structure", name)]).then(
      ([meta, parts]) => setRead({ meta, parts }),
      (error) => setFailure(refused(error)),
    );
  }, []);
  if (failure) return <div class="page"><Failure error={failure} /></div>;
  if (!read) return <p class="empty" role="status">Reading…</p>;
  const { meta, parts } = read;
  return (
    <div class="page">
      <dl class="facts">
        {parts.sizes && <div><dt>Size</dt><dd>{bytes(parts.sizes.total)} ({bytes(parts.sizes.table)} rows, {bytes(parts.sizes.indexes)} indexes)</dd></div>}
        {meta.rows !== null && <div><dt>Rows</dt><dd>about {short(meta.rows)}</dd></div>}
        <div><dt>Owner</dt><dd>{parts.owner}</dd></div>
        <div><dt>Row-level security</dt><dd>{parts.rowSecurity}</dd></div>
        {parts.partitionKey && <div><dt>Partitioned by</dt><dd><code>{parts.partitionKey}</code></dd></div>}
        {parts.partitionOf && <div><dt>Partition of</dt><dd>{parts.partitionOf}</dd></div>}
      </dl>
      <Differences of={`${schema}.${table}`} />
      <List title="Columns" heads={["Name", "Type", "Null", "Default", ""]} rows={meta.columns.map((column) => [
        column.name, <code key="t">{column.type}</code>, column.nullable ? "yes" : "no",
        column.default && <code key="d">{column.default}</code>,
        <span key="o" class="dim">{[column.generated && "generated", column.identity && `identity, ${column.identity}`, meta.key?.includes(column.name) && "key", column.comment].filter(Boolean).join(" · ")}</span>,
      ])} />
      <List title="Indexes" heads={["Name", "Definition", "Size", "Scans"]} rows={parts.indexes.map((index) => [
        <>{index.name} {!index.valid && <span class="badge bad">invalid</span>}</>, <code key="d">{index.definition}</code>, bytes(index.size), index.scans ?? "",
      ])} />
      <List title="Constraints" heads={["Name", "Kind", "Definition"]} rows={parts.constraints.map((one) => [
        <>{one.name} {!one.validated && <span class="badge warn">not validated</span>}</>, one.kind, <code key="d">{one.definition}</code>,
      ])} />
      <List title="Referenced by" heads={["Table", "Columns", "Constraint"]} rows={meta.referenced.map((reference) => {
        const to = { view: "structure" as const, schema: reference.schema, table: reference.table };
        return [<a key="t" href={hrefOf(to)} onClick={follow(to)}>{reference.schema}.{reference.table}</a>, reference.to.join(", "), reference.name];
      })} />
      <List title="Policies" heads={["Name", "For", "Roles", "Using", "With check"]} rows={parts.policies.map((policy) => [
        <>{policy.name} {!policy.permissive && <span class="badge">restrictive</span>}</>, policy.command, policy.roles.join(", "),
        policy.using && <code key="u">{policy.using}</code>, policy.check && <code key="c">{policy.check}</code>,
      ])} />
      <List title="Triggers" heads={["Name", "Definition"]} rows={parts.triggers.map((trigger) => [
        <>{trigger.name} {!trigger.enabled && <span class="badge">disabled</span>}</>, <code key="d">{trigger.definition}</code>,
      ])} />
      <List title="Partitions" heads={["Name", "Bound"]} rows={parts.partitions.map((partition) => [partition.name, <code key="b">{partition.bound}</code>])} />
      {parts.query && <div class="block"><h2>Query</h2><div class="code-box" tabIndex={0}><pre>{parts.query}</pre></div></div>}
      {parts.query === null && <Definition schema={schema} table={table} />}
    </div>
  );
}

function List({ title, heads, rows }: { title: string; heads: string[]; rows: ComponentChildren[][] }) {
  if (rows.length === 0) return null;
  return (
    <div class="block">
      <h2>{title}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={title}>
        <table class="list">
          <thead><tr>{heads.map((head, at) => <th key={at} scope="col">{head || <span class="visually-hidden">Remarks</span>}</th>)}</tr></thead>
          <tbody>{rows.map((row, at) => <tr key={at}>{row.map((cell, of) => <td key={of} class={of === 0 ? "name" : ""}>{cell}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </div>
  );
}

/** The table as the toolkit would make it; asked for when it is wanted, since the whole catalog is read for it. */
function Definition({ schema, table }: { schema: string; table: string }) {
  const [sql, setSql] = useState<string | null>(null);
  const [failure, setFailure] = useState<Refused | null>(null);
  const read = () => ask<{ sql: string }>("definition", { schema, table }).then(({ sql }) => setSql(sql), (error) => setFailure(refused(error)));
  return (
    <div class="block">
      <h2>Definition</h2>
      {failure && <Failure error={failure} />}
      {sql === null ? <div><button type="button" onClick={() => void read()}>Show as SQL</button></div> : (
        <>
          <div class="code-box" tabIndex={0}><pre>{sql}</pre></div>
          <div><button type="button" onClick={() => void copy(sql, say)}>Copy</button></div>
        </>
      )}
    </div>
  );
}
