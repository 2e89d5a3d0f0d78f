-- $1: the oids of schemas, $2: those of owners. Their functions and procedures whose body is a text; `names`, `modes`,
-- `types` and `defaults` have a place for each argument, but the first two are empty where no argument has one.
SELECT n.nspname::text AS schema, p.proname::text AS name, p.prokind = 'p' AS is_procedure, l.lanname::text AS language,
  coalesce(p.proargnames, '{}') AS names, coalesce(p.proargmodes::text[], '{}') AS modes,
  ARRAY(SELECT format_type(u.oid, NULL) FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]))
    WITH ORDINALITY u (oid, at) ORDER BY u.at) AS types,
  ARRAY(SELECT pg_get_function_arg_default(p.oid, at)
    FROM generate_series(1, cardinality(coalesce(p.proallargtypes, p.proargtypes::oid[]))) at) AS defaults,
  pg_get_function_result(p.oid) AS result, p.proretset AS returns_set, p.provolatile::text AS volatility,
  p.proisstrict AS is_strict, p.prosecdef AS is_security_definer, p.proleakproof AS is_leakproof,
  p.proparallel::text AS parallel, p.procost::text AS cost, p.prorows::text AS rows,
  coalesce(p.proconfig, '{}') AS config, p.prosrc AS body,
  array_remove(ARRAY[
    CASE WHEN p.prosupport <> 0 THEN 'SUPPORT of a function' END,
    CASE WHEN p.protrftypes IS NOT NULL THEN 'TRANSFORM of a function' END
  ], NULL) AS extras
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = ANY ($1) AND p.proowner = ANY ($2) AND p.prokind IN ('f', 'p')
  AND l.lanname NOT IN ('c', 'internal') AND p.prosqlbody IS NULL
  AND NOT EXISTS (SELECT FROM pg_depend d
    WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
ORDER BY n.nspname COLLATE "C", p.proname COLLATE "C", pg_get_function_identity_arguments(p.oid) COLLATE "C"
