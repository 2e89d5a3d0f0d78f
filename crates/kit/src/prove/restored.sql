-- What PostgreSQL prints with an expression in it, by the words that its line in the catalog begins with, and the statement that
-- makes it anew of what is printed, as a restored dump does. To be run with the settings that the catalog is read with.
WITH relation AS (
  SELECT c.*, format('%I.%I', n.nspname, c.relname) AS path
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
)
SELECT format('constraint %I on %s ', conname, path) AS object,
  format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s', path, conname, conname, pg_get_constraintdef(c.oid))
    AS statement
FROM pg_constraint c JOIN relation ON relation.oid = conrelid
WHERE contype = 'c' AND NOT relispartition
UNION ALL
SELECT format('index CREATE %sINDEX %I ON %s ', CASE WHEN indisunique THEN 'UNIQUE ' END, x.relname, t.path),
  format('DROP INDEX %s; %s', x.path, pg_get_indexdef(indexrelid))
FROM pg_index JOIN relation x ON x.oid = indexrelid JOIN relation t ON t.oid = indrelid
WHERE NOT x.relispartition AND (indpred IS NOT NULL OR indexprs IS NOT NULL)
UNION ALL
SELECT format('view %s ', path), format('CREATE OR REPLACE VIEW %s AS %s', path, pg_get_viewdef(oid))
FROM relation WHERE relkind = 'v'
