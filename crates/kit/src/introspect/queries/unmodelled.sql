-- What expressions of every schema may call and no schema value can say, as the statements that make it: functions, operators,
-- aggregates, casts and access methods, each kind after those that it is made of, and within a kind in the order in which they
-- were made. Of an operator and an aggregate, what a call of it means; not what makes it fast.
WITH extended AS (
  SELECT classid, objid FROM pg_depend WHERE deptype IN ('e', 'i')
), made AS (
  SELECT 1 AS kind, p.oid, 'pg_proc'::regclass::oid AS classid, n.nspname::text AS schema,
    pg_get_functiondef(p.oid) AS definition
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_language l ON l.oid = p.prolang
  WHERE p.prokind = 'w' OR (p.prokind IN ('f', 'p') AND (p.prosqlbody IS NOT NULL OR l.lanname IN ('c', 'internal')))
  UNION ALL
  SELECT 2, o.oid, 'pg_operator'::regclass, n.nspname::text,
    format('CREATE OPERATOR %I.%s (FUNCTION = %s, %s)', n.nspname, o.oprname, o.oprcode::oid::regproc,
      concat_ws(', ', 'LEFTARG = ' || format_type(nullif(o.oprleft, 0), NULL), 'RIGHTARG = ' || format_type(o.oprright, NULL)))
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
  WHERE o.oprcode <> 0
  UNION ALL
  SELECT 3, p.oid, 'pg_proc'::regclass, n.nspname::text,
    format('CREATE AGGREGATE %I.%I (%s) (%s)', n.nspname, p.proname,
      coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*'),
      concat_ws(', ', 'SFUNC = ' || a.aggtransfn::oid::regproc, 'STYPE = ' || format_type(a.aggtranstype, NULL),
        'FINALFUNC = ' || nullif(a.aggfinalfn::oid, 0)::regproc, CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
        'INITCOND = ' || quote_literal(a.agginitval), CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END))
  FROM pg_aggregate a
  JOIN pg_proc p ON p.oid = a.aggfnoid
  JOIN pg_namespace n ON n.oid = p.pronamespace
  UNION ALL
  SELECT 4, c.oid, 'pg_cast'::regclass, NULL,
    format('CREATE CAST (%s AS %s) %s%s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL),
      CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT'
        ELSE 'WITHOUT FUNCTION' END,
      CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END)
  FROM pg_cast c
  UNION ALL
  SELECT 5, a.oid, 'pg_am'::regclass, NULL,
    format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', a.amname, CASE a.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END,
      a.amhandler::oid::regproc)
  FROM pg_am a
)
SELECT made.schema, made.definition
FROM made
-- What initdb makes has a lower number.
WHERE made.oid >= 16384 AND made.schema IS DISTINCT FROM 'information_schema' AND coalesce(made.schema !~ '^pg_', true)
  AND NOT EXISTS (SELECT FROM extended WHERE extended.classid = made.classid AND extended.objid = made.oid)
ORDER BY made.kind, made.oid
