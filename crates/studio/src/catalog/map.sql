-- All tables with their columns and the foreign keys between them: for the diagram, and for what the console completes.
SELECT json_build_object(
  'tables', (
    SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname, 'columns', (
        SELECT coalesce(json_agg(json_build_object(
            'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'nullable', NOT a.attnotnull,
            'key', EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))
          ) ORDER BY a.attnum), '[]')
        FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      )) ORDER BY n.nspname, c.relname), '[]')
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
      AND has_schema_privilege(n.oid, 'USAGE')
  ),
  'links', (
    SELECT coalesce(json_agg(json_build_object(
        'name', f.conname,
        'from', json_build_array(fn.nspname, fc.relname), 'to', json_build_array(tn.nspname, tc.relname),
        'columns', (SELECT json_agg(a.attname ORDER BY k.ord) FROM unnest(f.conkey) WITH ORDINALITY AS k (attnum, ord)
          JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.attnum),
        'targets', (SELECT json_agg(a.attname ORDER BY k.ord) FROM unnest(f.confkey) WITH ORDINALITY AS k (attnum, ord)
          JOIN pg_attribute AS a ON a.attrelid = f.confrelid AND a.attnum = k.attnum)
      ) ORDER BY fn.nspname, fc.relname, f.conname), '[]')
    FROM pg_constraint AS f
    JOIN pg_class AS fc ON fc.oid = f.conrelid JOIN pg_namespace AS fn ON fn.oid = fc.relnamespace
    JOIN pg_class AS tc ON tc.oid = f.confrelid JOIN pg_namespace AS tn ON tn.oid = tc.relnamespace
    WHERE f.contype = 'f' AND f.conparentid = 0 AND NOT fc.relispartition AND NOT tc.relispartition
  )
)::text
