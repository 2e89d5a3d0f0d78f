-- $1: the oids of schemas, $2: those of owners. Their range types; an operator class that is the default is not named.
SELECT n.nspname::text AS schema, t.typname::text AS name, format_type(r.rngsubtype, NULL) AS subtype,
  CASE WHEN NOT oc.opcdefault THEN oc.opcname::text END AS subtype_class,
  cn.nspname::text AS collation_schema, cl.collname::text AS collation,
  CASE WHEN r.rngsubdiff <> 0 THEN r.rngsubdiff::regproc::text END AS subtype_diff, m.typname::text AS multirange,
  array_remove(ARRAY[
    CASE WHEN r.rngcanonical <> 0 THEN 'CANONICAL of a range' END,
    CASE WHEN NOT oc.opcdefault AND ocn.nspname NOT IN ('pg_catalog', 'public') THEN 'schema of an operator class' END,
    CASE WHEN m.typnamespace <> t.typnamespace THEN 'schema of a multirange' END
  ], NULL) AS extras
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_type m ON m.oid = r.rngmultitypid
JOIN pg_opclass oc ON oc.oid = r.rngsubopc
JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
LEFT JOIN pg_collation cl ON cl.oid = r.rngcollation AND r.rngcollation <> s.typcollation
LEFT JOIN pg_namespace cn ON cn.oid = cl.collnamespace
WHERE t.typnamespace = ANY ($1) AND t.typowner = ANY ($2)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", t.typname COLLATE "C"
