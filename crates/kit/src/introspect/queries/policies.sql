-- $1: the oids of owners. The policies on their tables, whatever schema those are in; the role 0 is PUBLIC.
SELECT p.polrelid AS relation, n.nspname::text AS schema, c.relname::text AS table_name, p.polname::text AS name,
  p.polpermissive AS is_permissive, p.polcmd::text AS command,
  ARRAY(SELECT DISTINCT coalesce(r.rolname::text, 'public') FROM unnest(p.polroles) AS member (oid)
    LEFT JOIN pg_roles r ON r.oid = member.oid ORDER BY 1) AS roles,
  pg_get_expr(p.polqual, p.polrelid) AS using_expression,
  pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relowner = ANY ($1)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C", p.polname COLLATE "C"
