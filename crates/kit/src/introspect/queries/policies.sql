-- $1: the oids of relations. Their policies; the role 0 is PUBLIC.
SELECT p.polrelid AS relation, p.polname::text AS name, p.polpermissive AS is_permissive, p.polcmd::text AS command,
  ARRAY(SELECT DISTINCT coalesce(r.rolname::text, 'public') FROM unnest(p.polroles) AS member (oid)
    LEFT JOIN pg_roles r ON r.oid = member.oid ORDER BY 1) AS roles,
  pg_get_expr(p.polqual, p.polrelid) AS using_expression,
  pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
FROM pg_policy p
WHERE p.polrelid = ANY ($1)
ORDER BY p.polrelid, p.polname COLLATE "C"
