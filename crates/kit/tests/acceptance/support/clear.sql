DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP
    EXECUTE format('DROP EXTENSION %I CASCADE', name);
  END LOOP;
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', name);
  END LOOP;
  CREATE SCHEMA public;
  -- PostgreSQL's own access methods have lower numbers.
  FOR name IN SELECT amname FROM pg_am WHERE oid >= 16384 LOOP
    EXECUTE format('DROP ACCESS METHOD %I', name);
  END LOOP;
  -- Roles belong to the server; those of this test have a prefix of its database (roles.rs).
  FOR name IN SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'test_' || left(md5(current_database()), 8) || '_') LOOP
    EXECUTE format('DROP ROLE %I', name);
  END LOOP;
END
$$
