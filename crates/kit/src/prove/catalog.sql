WITH namespace AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), extended AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), relation AS (
  -- The indexes of a partition are its parent's, under names that nobody chose.
  SELECT c.*, format('%I.%I', n.nspname, c.relname) AS path FROM pg_class c JOIN namespace n ON n.oid = c.relnamespace
    WHERE ('pg_class'::regclass, c.oid) NOT IN (TABLE extended) AND NOT (c.relispartition AND c.relkind IN ('i', 'I'))
), commented AS (
  SELECT classoid, objoid, objsubid, description FROM pg_description
    WHERE objoid >= 16384 AND (classoid, objoid) NOT IN (TABLE extended)
      AND (classoid <> 'pg_class'::regclass OR objoid IN (SELECT oid FROM relation))
)
SELECT line FROM (
  SELECT format('schema %I', nspname) AS line FROM namespace
  UNION ALL
  -- A sequence is unlogged where it was made with its table, and not where it was made for it later; 14 knows none.
  SELECT format('relation %s kind %s persistence %s rls %s %s options %s method %s tablespace %s', path, relkind,
      CASE WHEN relkind <> 'S' THEN relpersistence END, relrowsecurity,
      relforcerowsecurity,
      -- What is true or false has several spellings.
      (SELECT array_agg(option ORDER BY option) FROM
        (SELECT regexp_replace(regexp_replace(o, '=(on|yes)$', '=true'), '=(off|no)$', '=false') FROM unnest(reloptions) AS o)
        AS spelt (option)), (SELECT amname FROM pg_am WHERE oid = relam AND relkind IN ('r', 'm')),
      (SELECT spcname FROM pg_tablespace WHERE oid = reltablespace))
    FROM relation
  UNION ALL
  SELECT format('column %s.%I %s%s%s%s%s%s%s%s', path, attname, format_type(atttypid, atttypmod),
      CASE WHEN attcollation <> typcollation THEN ' collate ' || attcollation::regcollation END,
      CASE WHEN attstorage <> typstorage THEN ' storage ' || attstorage::text END,
      CASE WHEN attcompression <> '' THEN ' compression ' || attcompression::text END,
      CASE WHEN attnotnull THEN ' not null' END,
      CASE WHEN attidentity <> '' THEN ' identity ' || attidentity::text END,
      CASE WHEN attgenerated = 'v' THEN ' virtual' WHEN attgenerated <> '' THEN ' generated' END,
      ' default ' || pg_get_expr(adbin, adrelid))
    FROM pg_attribute JOIN relation ON relation.oid = attrelid JOIN pg_type ON pg_type.oid = atttypid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'c')
  UNION ALL
  SELECT format('constraint %I on %s %s%s', conname, path, pg_get_constraintdef(pg_constraint.oid),
      CASE WHEN NOT convalidated THEN ' not valid' END)
    FROM pg_constraint JOIN relation ON relation.oid = conrelid
    -- From 18 on NOT NULL is a constraint too, with a name that no rename of its column changes.
    WHERE contype <> 'n' AND NOT relispartition
      -- A foreign key has one for each partition that it references, under names that nobody chose.
      AND conparentid = 0
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
  UNION ALL
  SELECT format('partition key %s %s', path, pg_get_partkeydef(oid)) FROM relation WHERE relkind = 'p'
  UNION ALL
  SELECT format('partition %s of %s %s', path, inhparent::regclass, pg_get_expr(relpartbound, relation.oid))
    FROM relation JOIN pg_inherits ON inhrelid = relation.oid
  UNION ALL
  SELECT format('extension %I in %I version %s', extname, nspname, extversion)
    FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
  UNION ALL
  SELECT format('collation %I.%I provider %s %s %s deterministic %s', nspname, collname, collprovider, collcollate,
      -- It has other names in other versions.
      coalesce(to_jsonb(pg_collation)->>'colllocale', to_jsonb(pg_collation)->>'colliculocale'), collisdeterministic)
    FROM pg_collation JOIN namespace ON namespace.oid = collnamespace
  UNION ALL
  SELECT format('domain %s over %s%s%s%s', format_type(t.oid, NULL), format_type(t.typbasetype, t.typtypmod),
      CASE WHEN t.typcollation <> base.typcollation THEN ' collate ' || t.typcollation::regcollation END,
      CASE WHEN t.typnotnull THEN ' not null' END,
      -- `typdefault` is a text from when the default was set, with the names of then.
      ' default ' || pg_get_expr(t.typdefaultbin, 0))
    FROM pg_type t JOIN namespace ON namespace.oid = t.typnamespace JOIN pg_type base ON base.oid = t.typbasetype
    WHERE t.typtype = 'd' AND ('pg_type'::regclass, t.oid) NOT IN (TABLE extended)
  UNION ALL
  SELECT format('constraint %I on domain %s %s%s', conname, format_type(contypid, NULL), pg_get_constraintdef(oid),
      CASE WHEN NOT convalidated THEN ' not valid' END)
    -- From 17 on that of a domain is one too, and no rename of the domain changes its name.
    FROM pg_constraint WHERE contypid <> 0 AND contype <> 'n' AND ('pg_type'::regclass, contypid) NOT IN (TABLE extended)
      AND connamespace IN (SELECT oid FROM namespace)
  UNION ALL
  SELECT format('range %s of %s class %s collation %s diff %s multirange %s made by %s', format_type(rngtypid, NULL),
      format_type(rngsubtype, NULL), opcname, rngcollation::regcollation, rngsubdiff, format_type(rngmultitypid, NULL),
      (SELECT string_agg(objid::regprocedure::text, ', ' ORDER BY objid::regprocedure::text COLLATE "C") FROM pg_depend
        WHERE classid = 'pg_proc'::regclass AND deptype = 'i' AND refclassid = 'pg_type'::regclass
          AND refobjid IN (rngtypid, rngmultitypid)))
    FROM pg_range JOIN pg_opclass ON pg_opclass.oid = rngsubopc JOIN pg_type ON pg_type.oid = rngtypid
    JOIN namespace ON namespace.oid = typnamespace WHERE ('pg_type'::regclass, rngtypid) NOT IN (TABLE extended)
  UNION ALL
  SELECT format('function %s', pg_get_functiondef(pg_proc.oid)) FROM pg_proc
    JOIN namespace ON namespace.oid = pronamespace
    WHERE prokind IN ('f', 'p') AND ('pg_proc'::regclass, pg_proc.oid) NOT IN (TABLE extended)
      -- The constructors of a range belong to it.
      AND pg_proc.oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_proc'::regclass AND deptype = 'i')
  UNION ALL
  SELECT format('trigger %s enabled %s', pg_get_triggerdef(pg_trigger.oid), tgenabled) FROM pg_trigger
    JOIN relation ON relation.oid = tgrelid WHERE NOT tgisinternal AND tgparentid = 0
  UNION ALL
  -- PostgreSQL sorts the columns as they stand in the table, where those of a migration stand elsewhere.
  SELECT format('statistics %I.%I %s on %s %s of %s target %s', nspname, stxname, stxkind,
      (SELECT array_agg(attname ORDER BY attname) FROM pg_attribute WHERE attrelid = stxrelid AND attnum = ANY (stxkeys)),
      pg_get_statisticsobjdef_expressions(s.oid), stxrelid::regclass, coalesce(stxstattarget::int, -1))
    FROM pg_statistic_ext s JOIN namespace ON namespace.oid = stxnamespace
    WHERE ('pg_statistic_ext'::regclass, s.oid) NOT IN (TABLE extended)
  UNION ALL
  SELECT format('comment on %s %s: %s', type, identity, description)
    FROM commented, LATERAL pg_identify_object(classoid, objoid, objsubid)
    WHERE identity NOT IN ('public', 'plpgsql') AND (schema IS NULL OR schema IN (SELECT nspname FROM namespace))
      AND type NOT IN ('language', 'operator', 'access method', 'cast', 'role', 'tablespace')
) AS lines ORDER BY line COLLATE "C"
