-- What declared objects may stand on and a schema cannot say, in the order in which it was made: extensions, domains,
-- composite types and functions.
SELECT kind, schema, name, base_type, fields, default_value, is_not_null, constraints, definition FROM (
  SELECT e.oid, 'extension' AS kind, n.nspname::text AS schema, e.extname::text AS name, NULL AS base_type,
    '{}'::text[] AS fields, NULL AS default_value, false AS is_not_null, '{}'::text[] AS constraints, NULL AS definition,
    'pg_extension'::regclass AS class
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'
  UNION ALL
  SELECT t.oid, 'domain', n.nspname::text, t.typname::text, format_type(t.typbasetype, t.typtypmod), '{}', t.typdefault,
    t.typnotnull,
    ARRAY(SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.oid),
    NULL, 'pg_type'::regclass
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd'
  UNION ALL
  SELECT t.oid, 'composite type', n.nspname::text, t.typname::text, NULL,
    ARRAY(SELECT u.text FROM pg_attribute a, unnest(ARRAY[a.attname::text, format_type(a.atttypid, a.atttypmod)])
      WITH ORDINALITY u (text, at) WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum, u.at),
    NULL, false, '{}', NULL, 'pg_type'::regclass
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind = 'c'
  UNION ALL
  SELECT p.oid, 'function', n.nspname::text, p.proname::text, NULL, '{}', NULL, false, '{}', pg_get_functiondef(p.oid),
    'pg_proc'::regclass
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind IN ('f', 'w') AND n.nspname !~ '^pg_'
) AS found
WHERE schema !~ '^pg_(temp|toast)' AND schema <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = found.class AND d.objid = found.oid AND d.deptype IN ('e', 'i'))
ORDER BY kind <> 'extension', oid
