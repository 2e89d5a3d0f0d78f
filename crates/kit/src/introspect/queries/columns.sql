-- $1: the oids of relations. Their columns in order, with the enum that a type is, or is an array of; collation, storage
-- and compression where they are not the type's own.
SELECT a.attrelid AS relation, a.attname::text AS name, a.attnum AS number,
  format_type(a.atttypid, a.atttypmod) AS sql_type, a.attndims::integer AS dimensions,
  en.nspname::text AS enum_schema, e.typname::text AS enum_name,
  a.attnotnull AS not_null, a.attidentity::text AS identity, a.attgenerated::text AS generated,
  pg_get_expr(d.adbin, d.adrelid) AS expression,
  cn.nspname::text AS collation_schema, cl.collname::text AS collation,
  CASE WHEN a.attstorage <> t.typstorage AND c.relkind IN ('r', 'p') THEN a.attstorage::text END AS storage,
  CASE WHEN c.relkind <> 'm' THEN CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END END AS compression,
  array_remove(ARRAY[
    CASE WHEN a.attstattarget >= 0 THEN 'STATISTICS' END,
    -- From late minor versions on, PostgreSQL has a mark of its own there.
    CASE WHEN EXISTS (SELECT FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg\_%') THEN 'options' END,
    CASE WHEN c.relkind = 'm' AND (a.attcompression <> '' OR a.attstorage <> t.typstorage) THEN 'STORAGE' END
  ], NULL) AS extras
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END AND e.typtype = 'e'
LEFT JOIN pg_namespace en ON en.oid = e.typnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation cl ON cl.oid = a.attcollation AND a.attcollation <> t.typcollation AND c.relkind IN ('r', 'p')
LEFT JOIN pg_namespace cn ON cn.oid = cl.collnamespace
WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
