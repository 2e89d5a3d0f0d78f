-- $1: the oids of owners. Their extensions, but for the one that every database has.
SELECT n.nspname::text AS schema, e.extname::text AS name, e.extversion AS version
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname <> 'plpgsql' AND e.extowner = ANY ($1)
ORDER BY e.extname COLLATE "C"
