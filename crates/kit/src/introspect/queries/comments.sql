-- $1: the oids of schemas, $2: those of owners, $3: those of relations. The comments on them and on what is in them, by the
-- kind that a schema has for the object; `other` says what it is where a schema has none. What an extension brought has
-- the comment from there, and so have the extension itself and the schema `public` by themselves.
WITH owned AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), commented AS (
  SELECT d.classoid, d.objoid, d.objsubid, d.description FROM pg_description d
  WHERE (d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass) AND (d.classoid, d.objoid) NOT IN (TABLE owned)
)
SELECT kind, other, schema, owner, name, arguments, text FROM (
  SELECT CASE WHEN d.objsubid > 0 THEN 'column' WHEN c.relkind = 'v' THEN 'view'
      WHEN c.relkind = 'm' THEN 'materializedView' WHEN c.relkind = 'f' THEN NULL ELSE 'table' END AS kind,
    CASE WHEN c.relkind = 'f' THEN format('foreign table %I.%I', n.nspname, c.relname) END AS other,
    n.nspname::text AS schema, CASE WHEN d.objsubid > 0 THEN c.relname::text END AS owner,
    coalesce(a.attname, c.relname)::text AS name, NULL::text[] AS arguments, d.description AS text
  FROM commented d
  JOIN pg_class c ON c.oid = d.objoid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
  WHERE d.classoid = 'pg_class'::regclass
    AND (c.oid = ANY ($3) OR (c.relkind = 'c' AND c.relnamespace = ANY ($1) AND c.relowner = ANY ($2)))
  UNION ALL
  SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'index' END, NULL, n.nspname, NULL, c.relname, NULL, d.description
  FROM commented d
  JOIN pg_class c ON c.oid = d.objoid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.classoid = 'pg_class'::regclass AND c.relkind IN ('S', 'i', 'I')
    AND c.relnamespace = ANY ($1) AND c.relowner = ANY ($2)
    AND (c.relkind = 'S' OR EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = c.oid AND i.indrelid = ANY ($3)))
  UNION ALL
  SELECT 'constraint', NULL, n.nspname, c.relname, k.conname, NULL, d.description
  FROM commented d
  JOIN pg_constraint k ON k.oid = d.objoid JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.classoid = 'pg_constraint'::regclass AND c.oid = ANY ($3)
  UNION ALL
  SELECT 'domainConstraint', NULL, n.nspname, t.typname, k.conname, NULL, d.description
  FROM commented d
  JOIN pg_constraint k ON k.oid = d.objoid JOIN pg_type t ON t.oid = k.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE d.classoid = 'pg_constraint'::regclass AND t.typnamespace = ANY ($1) AND t.typowner = ANY ($2)
  UNION ALL
  SELECT 'policy', NULL, n.nspname, c.relname, p.polname, NULL, d.description
  FROM commented d
  JOIN pg_policy p ON p.oid = d.objoid JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.classoid = 'pg_policy'::regclass AND c.oid = ANY ($3)
  UNION ALL
  SELECT 'trigger', NULL, n.nspname, c.relname, t.tgname, NULL, d.description
  FROM commented d
  JOIN pg_trigger t ON t.oid = d.objoid JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.classoid = 'pg_trigger'::regclass AND c.oid = ANY ($3)
  UNION ALL
  SELECT CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, NULL, n.nspname, NULL, t.typname, NULL, d.description
  FROM commented d
  JOIN pg_type t ON t.oid = d.objoid JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE d.classoid = 'pg_type'::regclass AND t.typnamespace = ANY ($1) AND t.typowner = ANY ($2)
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, NULL, n.nspname, NULL, p.proname,
    ARRAY(SELECT format_type(u.oid, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY u (oid, at) ORDER BY u.at),
    d.description
  FROM commented d
  JOIN pg_proc p ON p.oid = d.objoid JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE d.classoid = 'pg_proc'::regclass AND p.pronamespace = ANY ($1) AND p.proowner = ANY ($2)
  UNION ALL
  SELECT 'collation', NULL, n.nspname, NULL, c.collname, NULL, d.description
  FROM commented d
  JOIN pg_collation c ON c.oid = d.objoid JOIN pg_namespace n ON n.oid = c.collnamespace
  WHERE d.classoid = 'pg_collation'::regclass AND c.collnamespace = ANY ($1) AND c.collowner = ANY ($2)
  UNION ALL
  SELECT 'statistics', NULL, n.nspname, NULL, s.stxname, NULL, d.description
  FROM commented d
  JOIN pg_statistic_ext s ON s.oid = d.objoid JOIN pg_namespace n ON n.oid = s.stxnamespace
  WHERE d.classoid = 'pg_statistic_ext'::regclass AND s.stxnamespace = ANY ($1) AND s.stxrelid = ANY ($3)
  UNION ALL
  SELECT 'schema', NULL, NULL, NULL, n.nspname, NULL, d.description
  FROM commented d JOIN pg_namespace n ON n.oid = d.objoid
  WHERE d.classoid = 'pg_namespace'::regclass AND n.oid = ANY ($1)
    AND (n.nspname <> 'public' OR d.description <> 'standard public schema')
  UNION ALL
  SELECT 'extension', NULL, NULL, NULL, e.extname, NULL, d.description
  FROM commented d JOIN pg_extension e ON e.oid = d.objoid
  WHERE d.classoid = 'pg_extension'::regclass AND e.extname <> 'plpgsql' AND e.extowner = ANY ($2)
    AND d.description NOT IN (SELECT a.comment FROM pg_available_extensions a WHERE a.name = e.extname)
  UNION ALL
  SELECT NULL, i.type || ' ' || i.identity, NULL, NULL, i.identity, NULL, d.description
  FROM commented d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
  -- One of a subscription stays when that is dropped.
  WHERE i.identity IS NOT NULL
    AND d.classoid NOT IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass,
      'pg_type'::regclass, 'pg_proc'::regclass, 'pg_collation'::regclass, 'pg_namespace'::regclass, 'pg_extension'::regclass,
      'pg_statistic_ext'::regclass)
    AND (i.schema IS NULL OR i.schema IN (SELECT n.nspname FROM pg_namespace n WHERE n.oid = ANY ($1)))
) AS found
ORDER BY kind, schema COLLATE "C", owner COLLATE "C", name COLLATE "C", arguments, other
