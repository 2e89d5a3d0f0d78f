-- $1: the oids of relations. Their triggers, but for those that a constraint or a partitioned table brought. The condition
-- and the arguments stand in the definition alone.
SELECT n.nspname::text AS schema, c.relname::text AS table_name, t.tgname::text AS name, t.tgtype AS type_bits,
  ARRAY(SELECT a.attname::text FROM unnest(t.tgattr) WITH ORDINALITY u (number, at)
    JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = u.number ORDER BY u.at) AS columns,
  t.tgoldtable::text AS old_table, t.tgnewtable::text AS new_table, pg_get_triggerdef(t.oid) AS definition,
  fn.nspname::text AS function_schema, f.proname::text AS function,
  t.tgconstraint <> 0 AS is_constraint, t.tgdeferrable AS is_deferrable, t.tginitdeferred AS is_deferred,
  t.tgenabled::text AS state,
  array_remove(ARRAY[CASE WHEN t.tgconstrrelid <> 0 THEN 'FROM of a constraint trigger' END], NULL) AS extras
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc f ON f.oid = t.tgfoid
JOIN pg_namespace fn ON fn.oid = f.pronamespace
WHERE t.tgrelid = ANY ($1) AND NOT t.tgisinternal AND t.tgparentid = 0
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", t.tgname COLLATE "C"
