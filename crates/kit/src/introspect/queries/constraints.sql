-- $1: the oids of relations. Their keys and checks; NOT NULL ('n' since PostgreSQL 18) is the column's, and an exclusion
-- constraint is found with its index. What a partition has from its parent is left out.
--
-- A column of the catalog that only a later version has is selected in a subquery: where the inner row does
-- not have it, the name means the column of `missing`.
SELECT c.conrelid AS relation, c.conname::text AS name, c.contype::text AS kind,
  ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (number, at)
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number ORDER BY k.at) AS columns,
  tn.nspname::text AS schema_to, t.relname::text AS table_to,
  ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (number, at)
    JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number ORDER BY k.at) AS columns_to,
  c.confdeltype::text AS on_delete, c.confupdtype::text AS on_update,
  CASE WHEN c.contype = 'c' THEN pg_get_expr(c.conbin, c.conrelid) END AS condition,
  coalesce((SELECT indnullsnotdistinct FROM (SELECT i.*) AS this), false) AS nulls_not_distinct,
  ARRAY(SELECT a.attname::text FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k (number, at)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.at > i.indnkeyatts ORDER BY k.at) AS include,
  c.condeferrable AS is_deferrable, c.condeferred AS is_deferred, c.confmatchtype = 'f' AS is_match_full,
  c.connoinherit AND c.contype = 'c' AS is_no_inherit,
  array_remove(ARRAY[
    CASE WHEN NOT c.convalidated THEN 'NOT VALID' END,
    CASE WHEN NOT (SELECT conenforced FROM (SELECT c.*) AS this) THEN 'NOT ENFORCED' END,
    CASE WHEN (SELECT conperiod FROM (SELECT c.*) AS this) THEN 'PERIOD' END,
    CASE WHEN (SELECT confdelsetcols FROM (SELECT c.*) AS this) IS NOT NULL THEN 'SET of some columns' END,
    CASE WHEN ic.reloptions IS NOT NULL THEN 'WITH' END,
    CASE WHEN ic.reltablespace <> 0 THEN 'USING INDEX TABLESPACE' END
  ], NULL) AS extras
FROM (SELECT false AS indnullsnotdistinct, true AS conenforced, false AS conperiod, NULL::smallint[] AS confdelsetcols) AS missing
CROSS JOIN pg_constraint c
JOIN pg_class r ON r.oid = c.conrelid
LEFT JOIN pg_class t ON t.oid = c.confrelid AND c.contype = 'f'
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.conindid AND c.contype IN ('p', 'u')
LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
WHERE c.conrelid = ANY ($1) AND c.contype IN ('p', 'u', 'f', 'c') AND c.conparentid = 0
  AND (c.coninhcount = 0 OR NOT r.relispartition)
ORDER BY c.conrelid, c.conname COLLATE "C"
