-- $1: the oids of schemas, $2: those of owners. Their tables, partitions, views and foreign tables, but for what extensions
-- own. A partition has a parent and bounds; a partitioned table or partition has a key, whose columns are NULL where it
-- has an expression.
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
  c.relrowsecurity AS has_row_security, c.relforcerowsecurity AS has_forced_row_security,
  c.relpersistence = 'u' AS is_unlogged, c.relispopulated AS is_populated,
  am.amname::text AS access_method, ts.spcname::text AS tablespace,
  coalesce(c.reloptions, '{}') || coalesce((SELECT array_agg('toast.' || o) FROM unnest(t.reloptions) o), '{}') AS options,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
  pn.nspname::text AS parent_schema, p.relname::text AS parent,
  CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END AS bounds,
  k.partstrat::text AS key_strategy, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS key_definition,
  ARRAY(SELECT a.attname::text FROM unnest(k.partattrs) WITH ORDINALITY u (number, at)
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number AND u.number > 0 ORDER BY u.at) AS key_columns,
  array_remove(ARRAY[
    CASE WHEN c.reloftype <> 0 THEN 'OF type' END,
    CASE WHEN c.relreplident <> 'd' AND c.relkind IN ('r', 'p') THEN 'REPLICA IDENTITY' END,
    CASE WHEN NOT c.relispartition AND i.inhrelid IS NOT NULL THEN 'INHERITS' END,
    CASE WHEN i.inhdetachpending THEN 'DETACH that is pending' END,
    CASE WHEN EXISTS (SELECT FROM unnest(k.partclass) u (oid) JOIN pg_opclass oc ON oc.oid = u.oid AND NOT oc.opcdefault)
      THEN 'operator class of a partition key' END
  ], NULL) AS extras
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND i.inhseqno = 1
LEFT JOIN pg_class p ON p.oid = i.inhparent AND c.relispartition
LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
LEFT JOIN pg_partitioned_table k ON k.partrelid = c.oid
WHERE c.relnamespace = ANY ($1) AND c.relowner = ANY ($2) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
