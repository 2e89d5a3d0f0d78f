-- $1: the oids of schemas, $2: those of owners, $3: those of relations. What the catalog holds there and a schema cannot
-- say, by kind and name. What belongs to an extension is the extension's, and what came with another object (the constructors
-- of a range type) is that object's.
WITH owned AS (
  SELECT classid, objid FROM pg_depend WHERE deptype IN ('e', 'i')
), found AS (
  SELECT 'pg_type'::regclass::oid AS classid, t.oid, 'base type' AS kind, format('%I.%I', n.nspname, t.typname) AS name
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typnamespace = ANY ($1) AND t.typowner = ANY ($2)
    AND (t.typtype = 'p' OR (t.typtype = 'b' AND t.typcategory <> 'A'))
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid,
    CASE WHEN p.prokind = 'a' THEN 'aggregate' WHEN p.prokind = 'w' THEN 'window function'
      WHEN p.prosqlbody IS NOT NULL THEN 'body that is no text' ELSE 'function in ' || l.lanname END,
    format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_language l ON l.oid = p.prolang
  WHERE p.pronamespace = ANY ($1) AND p.proowner = ANY ($2)
    AND (p.prokind IN ('a', 'w') OR p.prosqlbody IS NOT NULL OR l.lanname IN ('c', 'internal'))
  UNION ALL
  SELECT 'pg_operator'::regclass, o.oid, 'operator', format('%I.%s', n.nspname, o.oprname)
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
  WHERE o.oprnamespace = ANY ($1) AND o.oprowner = ANY ($2)
  UNION ALL
  SELECT 'pg_opclass'::regclass, o.oid, 'operator class', format('%I.%I', n.nspname, o.opcname)
  FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
  WHERE o.opcnamespace = ANY ($1) AND o.opcowner = ANY ($2)
  UNION ALL
  SELECT 'pg_opfamily'::regclass, o.oid, 'operator family', format('%I.%I', n.nspname, o.opfname)
  FROM pg_opfamily o JOIN pg_namespace n ON n.oid = o.opfnamespace
  WHERE o.opfnamespace = ANY ($1) AND o.opfowner = ANY ($2)
  UNION ALL
  SELECT 'pg_conversion'::regclass, c.oid, 'conversion', format('%I.%I', n.nspname, c.conname)
  FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
  WHERE c.connamespace = ANY ($1) AND c.conowner = ANY ($2)
  UNION ALL
  SELECT 'pg_ts_config'::regclass, t.oid, 'text search configuration', format('%I.%I', n.nspname, t.cfgname)
  FROM pg_ts_config t JOIN pg_namespace n ON n.oid = t.cfgnamespace
  WHERE t.cfgnamespace = ANY ($1) AND t.cfgowner = ANY ($2)
  UNION ALL
  SELECT 'pg_ts_dict'::regclass, t.oid, 'text search dictionary', format('%I.%I', n.nspname, t.dictname)
  FROM pg_ts_dict t JOIN pg_namespace n ON n.oid = t.dictnamespace
  WHERE t.dictnamespace = ANY ($1) AND t.dictowner = ANY ($2)
  UNION ALL
  SELECT 'pg_ts_parser'::regclass, t.oid, 'text search parser', format('%I.%I', n.nspname, t.prsname)
  FROM pg_ts_parser t JOIN pg_namespace n ON n.oid = t.prsnamespace WHERE t.prsnamespace = ANY ($1)
  UNION ALL
  SELECT 'pg_ts_template'::regclass, t.oid, 'text search template', format('%I.%I', n.nspname, t.tmplname)
  FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace WHERE t.tmplnamespace = ANY ($1)
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, s.oid, 'statistics', format('%I.%I', n.nspname, s.stxname)
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace JOIN pg_class c ON c.oid = s.stxrelid
  WHERE s.stxrelid = ANY ($3) AND (s.stxnamespace <> ALL ($1) OR c.relkind = 'f')
  UNION ALL
  SELECT 'pg_rewrite'::regclass, r.oid, 'rule', format('%I on %I.%I', r.rulename, n.nspname, c.relname)
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE r.ev_class = ANY ($3) AND r.rulename <> '_RETURN'
  UNION ALL
  SELECT 'pg_event_trigger'::regclass, t.oid, 'event trigger', quote_ident(t.evtname)
  FROM pg_event_trigger t WHERE t.evtowner = ANY ($2)
  UNION ALL
  SELECT 'pg_publication'::regclass, p.oid, 'publication', quote_ident(p.pubname)
  FROM pg_publication p WHERE p.pubowner = ANY ($2)
  UNION ALL
  SELECT 'pg_subscription'::regclass, s.oid, 'subscription', quote_ident(s.subname)
  FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
  WHERE d.datname = current_database() AND s.subowner = ANY ($2)
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass, f.oid, 'foreign data wrapper', quote_ident(f.fdwname)
  FROM pg_foreign_data_wrapper f WHERE f.fdwowner = ANY ($2)
  UNION ALL
  SELECT 'pg_foreign_server'::regclass, s.oid, 'foreign server', quote_ident(s.srvname)
  FROM pg_foreign_server s WHERE s.srvowner = ANY ($2)
  UNION ALL
  SELECT 'pg_language'::regclass, l.oid, 'language', quote_ident(l.lanname)
  FROM pg_language l WHERE l.oid >= 16384 AND l.lanowner = ANY ($2)
  UNION ALL
  SELECT 'pg_am'::regclass, a.oid, 'access method', quote_ident(a.amname) FROM pg_am a WHERE a.oid >= 16384
  UNION ALL
  SELECT 'pg_transform'::regclass, t.oid, 'transform', format('%s in %s', format_type(t.trftype, NULL), l.lanname)
  FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
  UNION ALL
  SELECT 'pg_cast'::regclass, c.oid, 'cast', format('%s as %s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL))
  FROM pg_cast c WHERE c.oid >= 16384
  UNION ALL
  SELECT 'pg_default_acl'::regclass, a.oid, 'default privileges',
    format('of %I%s on %s', pg_get_userbyid(a.defaclrole), ' in ' || quote_ident(n.nspname),
      CASE a.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
        WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'others' END)
  FROM pg_default_acl a LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace
  WHERE (a.defaclnamespace = 0 OR a.defaclnamespace = ANY ($1)) AND a.defaclrole = ANY ($2)
  UNION ALL
  SELECT s.classoid, s.objoid, 'security label', format('%s of %s', s.provider, i.type || ' ' || i.identity)
  FROM pg_seclabel s CROSS JOIN LATERAL pg_identify_object(s.classoid, s.objoid, s.objsubid) i
  WHERE i.schema IN (SELECT n.nspname FROM pg_namespace n WHERE n.oid = ANY ($1))
), granted AS (
  -- What may be granted, with the privileges that it has and those that it has by itself.
  SELECT 'pg_class'::regclass::oid AS classid, c.oid, 0 AS part, c.relacl AS privileges,
    acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner) AS by_itself
  FROM pg_class c
  WHERE c.relacl IS NOT NULL
    AND (c.oid = ANY ($3) OR (c.relkind = 'S' AND c.relnamespace = ANY ($1) AND c.relowner = ANY ($2)))
  UNION ALL
  SELECT 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl, NULL
  FROM pg_attribute a WHERE a.attacl IS NOT NULL AND a.attrelid = ANY ($3)
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, 0, p.proacl, acldefault('f', p.proowner)
  FROM pg_proc p WHERE p.proacl IS NOT NULL AND p.pronamespace = ANY ($1) AND p.proowner = ANY ($2)
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, 0, t.typacl, acldefault('T', t.typowner)
  FROM pg_type t WHERE t.typacl IS NOT NULL AND t.typnamespace = ANY ($1) AND t.typowner = ANY ($2)
  UNION ALL
  SELECT 'pg_namespace'::regclass, n.oid, 0, n.nspacl,
    coalesce((SELECT i.initprivs FROM pg_init_privs i WHERE i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid),
      acldefault('n', n.nspowner))
  FROM pg_namespace n WHERE n.nspacl IS NOT NULL AND n.oid = ANY ($1)
), grants AS (
  SELECT g.classid, g.oid, g.part,
    (SELECT string_agg(DISTINCT coalesce(quote_ident(r.rolname), 'public'), ', ') FROM (
      SELECT grantee, privilege_type, is_grantable FROM aclexplode(g.privileges)
      EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(g.by_itself)
    ) more LEFT JOIN pg_roles r ON r.oid = more.grantee) AS given_to,
    (SELECT string_agg(DISTINCT coalesce(quote_ident(r.rolname), 'public'), ', ') FROM (
      SELECT grantee, privilege_type, is_grantable FROM aclexplode(g.by_itself)
      EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(g.privileges)
    ) fewer LEFT JOIN pg_roles r ON r.oid = fewer.grantee) AS taken_from
  FROM granted g
)
SELECT kind, name FROM found
WHERE NOT EXISTS (SELECT FROM owned WHERE owned.classid = found.classid AND owned.objid = found.oid)
UNION ALL
SELECT 'privileges', i.type || ' ' || i.identity || coalesce(' to ' || g.given_to, '') || coalesce(' not of ' || g.taken_from, '')
FROM grants g
CROSS JOIN LATERAL pg_identify_object(g.classid, g.oid, g.part) AS i
WHERE (g.given_to IS NOT NULL OR g.taken_from IS NOT NULL)
  AND NOT EXISTS (SELECT FROM owned WHERE owned.classid = g.classid AND owned.objid = g.oid)
