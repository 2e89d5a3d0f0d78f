-- $1: the oids of relations. A row for each key of each of their indexes that no primary key or unique constraint brought. One
-- with operators is that of an exclusion constraint. What a partition has from its parent is left out.
SELECT i.indrelid AS relation, x.relname::text AS name, am.amname::text AS method, i.indisunique AS is_unique,
  coalesce(x.reloptions, '{}') AS parameters, pg_get_expr(i.indpred, i.indrelid) AS predicate,
  a.attname::text AS column_name,
  CASE WHEN i.indkey[k.at] = 0 THEN pg_get_indexdef(i.indexrelid, k.at + 1, false) END AS expression,
  i.indoption[k.at] & 1 = 1 AS is_descending, i.indoption[k.at] & 2 = 2 AS has_nulls_first,
  ocn.nspname::text AS class_schema, oc.opcname::text AS class, oc.opcdefault AS is_default_class,
  coalesce(xa.attoptions, '{}') AS class_parameters,
  -- The collation, where it is not the one that the key has by itself.
  CASE WHEN i.indcollation[k.at] NOT IN (0, coalesce(a.attcollation, xt.typcollation)) THEN cln.nspname::text END
    AS collation_schema,
  CASE WHEN i.indcollation[k.at] NOT IN (0, coalesce(a.attcollation, xt.typcollation)) THEN cl.collname::text END
    AS collation,
  CASE WHEN i.indisexclusion THEN (
    SELECT CASE WHEN n.nspname IN ('pg_catalog', 'public') THEN o.oprname::text
      ELSE format('OPERATOR(%I.%s)', n.nspname, o.oprname) END
    FROM pg_constraint c JOIN pg_operator o ON o.oid = c.conexclop[k.at + 1] JOIN pg_namespace n ON n.oid = o.oprnamespace
    WHERE c.conindid = i.indexrelid AND c.contype = 'x') END AS operator,
  CASE WHEN i.indisexclusion THEN
    (SELECT c.condeferrable FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype = 'x') END AS is_deferrable,
  CASE WHEN i.indisexclusion THEN
    (SELECT c.condeferred FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype = 'x') END AS is_deferred,
  ARRAY(SELECT ia.attname::text FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS ik (number, at)
    JOIN pg_attribute ia ON ia.attrelid = i.indrelid AND ia.attnum = ik.number
    WHERE ik.at > i.indnkeyatts ORDER BY ik.at) AS include,
  coalesce((SELECT indnullsnotdistinct FROM (SELECT i.*) AS this), false) AS nulls_not_distinct,
  array_remove(ARRAY[
    CASE WHEN NOT i.indisvalid THEN 'not valid' END,
    CASE WHEN i.indisexclusion AND i.indnatts > i.indnkeyatts THEN 'INCLUDE' END,
    CASE WHEN x.reltablespace <> 0 THEN 'TABLESPACE' END,
    CASE WHEN i.indisclustered THEN 'CLUSTER' END
  ], NULL) AS extras
FROM (SELECT false AS indnullsnotdistinct) AS missing
CROSS JOIN pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am am ON am.oid = x.relam
CROSS JOIN LATERAL generate_series(0, i.indnkeyatts - 1) AS k (at)
LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.at] AND a.attnum > 0
JOIN pg_attribute xa ON xa.attrelid = i.indexrelid AND xa.attnum = k.at + 1
JOIN pg_type xt ON xt.oid = xa.atttypid
JOIN pg_opclass oc ON oc.oid = i.indclass[k.at]
JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
LEFT JOIN pg_collation cl ON cl.oid = i.indcollation[k.at]
LEFT JOIN pg_namespace cln ON cln.oid = cl.collnamespace
WHERE i.indrelid = ANY ($1) AND NOT x.relispartition
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))
ORDER BY i.indrelid, x.relname COLLATE "C", k.at
