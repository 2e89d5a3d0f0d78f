WITH namespace AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), relation AS (
  SELECT c.*, format('%I.%I', n.nspname, c.relname) AS path FROM pg_class c JOIN namespace n ON n.oid = c.relnamespace
)
SELECT line FROM (
  SELECT format('schema %I', nspname) AS line FROM namespace
  UNION ALL
  SELECT format('relation %s kind %s rls %s %s options %s method %s tablespace %s', path, relkind, relrowsecurity,
      relforcerowsecurity, (SELECT array_agg(option ORDER BY option) FROM unnest(reloptions) AS option), (SELECT amname FROM pg_am WHERE oid = relam AND relkind IN ('r', 'm')),
      (SELECT spcname FROM pg_tablespace WHERE oid = reltablespace))
    FROM relation
  UNION ALL
  SELECT format('column %s.%I %s%s%s%s%s', path, attname, format_type(atttypid, atttypmod),
      CASE WHEN attnotnull THEN ' not null' END,
      CASE WHEN attidentity <> '' THEN ' identity ' || attidentity::text END,
      CASE WHEN attgenerated <> '' THEN ' generated' END,
      ' default ' || pg_get_expr(adbin, adrelid))
    FROM pg_attribute JOIN relation ON relation.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'v', 'm')
  UNION ALL
  SELECT format('constraint %I on %s %s%s', conname, path, pg_get_constraintdef(pg_constraint.oid),
      CASE WHEN NOT convalidated THEN ' not valid' END)
    FROM pg_constraint JOIN relation ON relation.oid = conrelid
    -- From 18 on NOT NULL is a constraint too, with a name that no rename of its column changes.
    WHERE contype <> 'n'
  UNION ALL
  SELECT format('index %s%s', pg_get_indexdef(indexrelid), CASE WHEN NOT indisvalid THEN ' invalid' END)
    FROM pg_index JOIN relation ON relation.oid = indexrelid
  UNION ALL
  SELECT format('sequence %s as %s start %s increment %s min %s max %s cache %s cycle %s owned by %s', path,
      format_type(seqtypid, NULL), seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle,
      (SELECT format('%s.%I', refobjid::regclass, attname) FROM pg_depend
        JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
        WHERE classid = 'pg_class'::regclass AND objid = seqrelid AND deptype IN ('a', 'i')))
    FROM pg_sequence JOIN relation ON relation.oid = seqrelid
  UNION ALL
  SELECT format('enum %s (%s)', format_type(pg_type.oid, NULL),
      (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = pg_type.oid))
    FROM pg_type JOIN namespace ON namespace.oid = typnamespace WHERE typtype = 'e'
  UNION ALL
  SELECT format('view %s %s', path, pg_get_viewdef(oid)) FROM relation WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT format('policy %I on %I.%I %s for %s to %s using %s check %s', policyname, schemaname, tablename, permissive, cmd,
      (SELECT array_agg(role ORDER BY role) FROM unnest(roles) AS role), qual, with_check) FROM pg_policies
) AS lines ORDER BY line COLLATE "C"
