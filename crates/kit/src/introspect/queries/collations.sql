-- $1: the oids of schemas, $2: those of owners. Their collations; the columns of the catalog have other names in other
-- versions, and before 15 the locale of ICU stands where that of libc does.
SELECT n.nspname::text AS schema, c.collname::text AS name, c.collprovider::text AS provider,
  coalesce(j.row ->> 'colllocale', j.row ->> 'colliculocale', j.row ->> 'collcollate') AS locale,
  NOT c.collisdeterministic AS is_nondeterministic,
  array_remove(ARRAY[
    CASE WHEN c.collprovider NOT IN ('c', 'i') THEN 'provider of a collation' END,
    CASE WHEN c.collprovider = 'c' AND c.collcollate <> c.collctype THEN 'LC_CTYPE of a collation' END,
    CASE WHEN j.row ->> 'collicurules' IS NOT NULL THEN 'RULES of a collation' END
  ], NULL) AS extras
FROM pg_collation c
JOIN pg_namespace n ON n.oid = c.collnamespace
CROSS JOIN LATERAL (SELECT to_jsonb(c)) AS j (row)
WHERE c.collnamespace = ANY ($1) AND c.collowner = ANY ($2)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_collation'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.collname COLLATE "C"
