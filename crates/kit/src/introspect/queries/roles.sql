-- The roles of the cluster that migrations may manage: neither the system's nor superusers.
SELECT r.rolname::text AS name, r.rolcreatedb AS create_db, r.rolcreaterole AS create_role, r.rolinherit AS inherit
FROM pg_roles r
WHERE r.rolname !~ '^pg_' AND NOT r.rolsuper
ORDER BY r.rolname COLLATE "C"
