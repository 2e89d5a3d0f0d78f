-- $1: the oids of schemas, $2: the oids of relations. What the catalog holds there and a schema cannot say, by
-- kind and name. What belongs to an extension is the extension's, and what came with another object (a table's row type, a
-- range type's constructors) is that object's.
WITH owned AS (
  SELECT classid, objid FROM pg_depend WHERE deptype IN ('e', 'i')
), found AS (
  SELECT 'pg_extension'::regclass::oid AS classid, e.oid, 'extension' AS kind, e.extname::text AS name
  FROM pg_extension e WHERE e.extname <> 'plpgsql'
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid,
    CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite type' WHEN 'r' THEN 'range type' ELSE 'base type' END,
    format('%I.%I', n.nspname, t.typname)
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE t.typnamespace = ANY ($1) AND (t.typtype IN ('d', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')
    OR (t.typtype = 'b' AND t.typcategory <> 'A'))
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid,
    CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
    format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE p.pronamespace = ANY ($1)
  UNION ALL
  SELECT 'pg_operator'::regclass, o.oid, 'operator', format('%I.%s', n.nspname, o.oprname)
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprnamespace = ANY ($1)
  UNION ALL
  SELECT 'pg_opclass'::regclass, o.oid, 'operator class', format('%I.%I', n.nspname, o.opcname)
  FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE o.opcnamespace = ANY ($1)
  UNION ALL
  SELECT 'pg_collation'::regclass, c.oid, 'collation', format('%I.%I', n.nspname, c.collname)
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE c.collnamespace = ANY ($1)
  UNION ALL
  SELECT 'pg_conversion'::regclass, c.oid, 'conversion', format('%I.%I', n.nspname, c.conname)
  FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace WHERE c.connamespace = ANY ($1)
  UNION ALL
  SELECT 'pg_ts_config'::regclass, t.oid, 'text search configuration', format('%I.%I', n.nspname, t.cfgname)
  FROM pg_ts_config t JOIN pg_namespace n ON n.oid = t.cfgnamespace WHERE t.cfgnamespace = ANY ($1)
  UNION ALL
  SELECT 'pg_ts_dict'::regclass, t.oid, 'text search dictionary', format('%I.%I', n.nspname, t.dictname)
  FROM pg_ts_dict t JOIN pg_namespace n ON n.oid = t.dictnamespace WHERE t.dictnamespace = ANY ($1)
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, s.oid, 'statistics', format('%I.%I', n.nspname, s.stxname)
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE s.stxrelid = ANY ($2)
  UNION ALL
  SELECT 'pg_class'::regclass, c.oid, 'partition', format('%I.%I', n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relnamespace = ANY ($1) AND c.relispartition AND c.relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT 'pg_trigger'::regclass, t.oid, 'trigger', format('%I on %I.%I', t.tgname, n.nspname, c.relname)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE t.tgrelid = ANY ($2) AND NOT t.tgisinternal
  UNION ALL
  SELECT 'pg_rewrite'::regclass, r.oid, 'rule', format('%I on %I.%I', r.rulename, n.nspname, c.relname)
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE r.ev_class = ANY ($2) AND r.rulename <> '_RETURN'
  UNION ALL
  SELECT 'pg_event_trigger'::regclass, t.oid, 'event trigger', quote_ident(t.evtname) FROM pg_event_trigger t
  UNION ALL
  SELECT 'pg_publication'::regclass, p.oid, 'publication', quote_ident(p.pubname) FROM pg_publication p
  UNION ALL
  SELECT 'pg_cast'::regclass, c.oid, 'cast', format('%s as %s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL))
  FROM pg_cast c WHERE c.oid >= 16384
), commented AS (
  -- A comment stands for its object; of a column, a constraint or a trigger, the object is what has it.
  SELECT d.classoid, d.objoid, d.objsubid FROM pg_description d
  WHERE d.objoid >= 16384 AND (
    (d.classoid = 'pg_class'::regclass AND (d.objoid = ANY ($2)
      OR d.objoid IN (SELECT i.indexrelid FROM pg_index i WHERE i.indrelid = ANY ($2))
      OR d.objoid IN (SELECT c.oid FROM pg_class c WHERE c.relkind = 'S' AND c.relnamespace = ANY ($1))))
    OR (d.classoid = 'pg_constraint'::regclass AND d.objoid IN (SELECT c.oid FROM pg_constraint c WHERE c.conrelid = ANY ($2)))
    OR (d.classoid = 'pg_policy'::regclass AND d.objoid IN (SELECT p.oid FROM pg_policy p WHERE p.polrelid = ANY ($2)))
    OR (d.classoid = 'pg_type'::regclass AND d.objoid IN (SELECT t.oid FROM pg_type t WHERE t.typnamespace = ANY ($1)))
    OR (d.classoid = 'pg_namespace'::regclass AND d.objoid = ANY ($1)))
)
SELECT kind, name FROM found
WHERE NOT EXISTS (SELECT FROM owned WHERE owned.classid = found.classid AND owned.objid = found.oid)
UNION ALL
SELECT 'comment', i.type || ' ' || i.identity
FROM commented c
CROSS JOIN LATERAL pg_identify_object(c.classoid, c.objoid, c.objsubid) AS i
WHERE NOT EXISTS (SELECT FROM owned WHERE owned.classid = c.classoid AND owned.objid = c.objoid)
