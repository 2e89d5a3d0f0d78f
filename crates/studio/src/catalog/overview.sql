-- Every relation that holds rows, with what a list of tables shows of it. Partitions stand below their parent.
SELECT json_build_object(
  'schemas', (
    SELECT coalesce(json_agg(nspname ORDER BY nspname), '[]')
    FROM pg_namespace
    WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_(toast|temp)'
      AND has_schema_privilege(oid, 'USAGE')
  ),
  'tables', (
    SELECT coalesce(json_agg(json_build_object(
        'schema', n.nspname,
        'name', c.relname,
        'kind', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
          WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END,
        -- Never analysed is -1 since PostgreSQL 14; a partitioned table has its partitions' rows.
        'rows', CASE WHEN c.relkind IN ('v', 'f') OR c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint END,
        'partition', c.relispartition,
        'comment', obj_description(c.oid, 'pg_class')
      ) ORDER BY n.nspname, c.relname), '[]')
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
      AND has_schema_privilege(n.oid, 'USAGE')
  ),
  'enums', (
    SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', t.typname, 'labels', (
        SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid = t.oid
      )) ORDER BY n.nspname, t.typname), '[]')
    FROM pg_type AS t
    JOIN pg_namespace AS n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND n.nspname <> 'pg_catalog' AND has_schema_privilege(n.oid, 'USAGE')
  )
)::text
