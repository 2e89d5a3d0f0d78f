-- $1: the oids of schemas, $2: those of owners. Their domains, each with its conditions by name.
SELECT n.nspname::text AS schema, t.typname::text AS name, format_type(t.typbasetype, t.typtypmod) AS base,
  cn.nspname::text AS collation_schema, cl.collname::text AS collation,
  pg_get_expr(t.typdefaultbin, 0) AS default_value, t.typnotnull AS not_null,
  ARRAY(SELECT c.conname::text FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'
    ORDER BY c.conname COLLATE "C") AS check_names,
  ARRAY(SELECT pg_get_expr(c.conbin, 0) FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'
    ORDER BY c.conname COLLATE "C") AS check_values,
  ARRAY(SELECT c.conname::text FROM pg_constraint c WHERE c.contypid = t.oid AND NOT c.convalidated
    ORDER BY c.conname COLLATE "C") AS not_valid
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_collation cl ON cl.oid = t.typcollation AND t.typcollation <> b.typcollation
LEFT JOIN pg_namespace cn ON cn.oid = cl.collnamespace
WHERE t.typnamespace = ANY ($1) AND t.typowner = ANY ($2) AND t.typtype = 'd'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"
