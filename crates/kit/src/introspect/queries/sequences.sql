-- $1: the oids of schemas, $2: those of owners. Their sequences, with the column that a sequence belongs to: by OWNED BY
-- ('a'), which serial implies, or as an identity ('i').
SELECT n.nspname::text AS schema, c.relname::text AS name, format_type(s.seqtypid, NULL) AS sql_type,
  s.seqincrement::text AS increment, s.seqstart::text AS start, s.seqmin::text AS min, s.seqmax::text AS max,
  s.seqcache::text AS cache, s.seqcycle AS cycles, c.relpersistence = 'u' AS is_unlogged,
  d.refobjid AS owner, d.refobjsubid::smallint AS owner_column, d.deptype::text AS ownership
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_sequence s ON s.seqrelid = c.oid
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
  AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
WHERE c.relnamespace = ANY ($1) AND c.relowner = ANY ($2) AND c.relkind = 'S'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
