-- $1: the oids of schemas, $2: those of relations. The extended statistics there, on tables, partitions and materialized
-- views.
SELECT sn.nspname::text AS schema, s.stxname::text AS name, n.nspname::text AS table_schema, c.relname::text AS table_name,
  s.stxkind::text[] AS kinds,
  ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)) AS columns,
  coalesce(pg_get_statisticsobjdef_expressions(s.oid), '{}') AS expressions,
  -- Up to 16, -1 is none.
  nullif(s.stxstattarget::int, -1) AS target
FROM pg_statistic_ext s
JOIN pg_namespace sn ON sn.oid = s.stxnamespace
JOIN pg_class c ON c.oid = s.stxrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE s.stxnamespace = ANY ($1) AND s.stxrelid = ANY ($2) AND c.relkind IN ('r', 'p', 'm')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_statistic_ext'::regclass AND d.objid = s.oid AND d.deptype = 'e')
ORDER BY sn.nspname COLLATE "C", s.stxname COLLATE "C"
