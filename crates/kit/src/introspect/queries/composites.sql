-- $1: the oids of schemas, $2: those of owners. A row for each attribute of each of their composite types, in order; one
-- without a name where a type has none.
SELECT n.nspname::text AS schema, c.relname::text AS name, a.attname::text AS attribute,
  format_type(a.atttypid, a.atttypmod) AS sql_type, cn.nspname::text AS collation_schema, cl.collname::text AS collation
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_collation cl ON cl.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_namespace cn ON cn.oid = cl.collnamespace
WHERE c.relnamespace = ANY ($1) AND c.relowner = ANY ($2) AND c.relkind = 'c'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = c.reltype AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", a.attnum
