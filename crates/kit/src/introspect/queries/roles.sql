-- The roles of the cluster. Migrations may manage those that are neither the system's nor superusers.
SELECT r.oid, r.rolname::text AS name, r.rolcreatedb AS create_db, r.rolcreaterole AS create_role,
  r.rolinherit AS inherit, r.rolname !~ '^pg_' AND NOT r.rolsuper AS is_manageable
FROM pg_roles r
ORDER BY r.rolname COLLATE "C"
