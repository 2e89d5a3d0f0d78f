-- The functions of every schema that no schema value can say, as the statements that make them, in the order in which they
-- were made.
SELECT n.nspname::text AS schema, pg_get_functiondef(p.oid) AS definition
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND (p.prokind = 'w' OR (p.prokind IN ('f', 'p') AND (p.prosqlbody IS NOT NULL OR l.lanname IN ('c', 'internal'))))
  AND NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
ORDER BY p.oid
