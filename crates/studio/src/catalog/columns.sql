-- One relation, $1.$2, as reading and editing its rows needs it; no row where there is none.
SELECT json_build_object(
  'kind', CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
    WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END,
  'rows', CASE WHEN c.relkind IN ('v', 'f') OR c.reltuples < 0 THEN NULL ELSE c.reltuples::bigint END,
  'comment', obj_description(c.oid, 'pg_class'),
  -- The columns that tell one row from all others: the primary key, else the unique index of fewest columns that
  -- covers every row and takes no null.
  'key', (
    SELECT json_agg(a.attname ORDER BY k.ord)
    FROM (
      SELECT i.indkey, i.indnkeyatts FROM pg_index AS i
      WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        AND NOT EXISTS (
          SELECT FROM unnest(i.indkey) WITH ORDINALITY AS u (attnum, ord)
          JOIN pg_attribute AS b ON b.attrelid = c.oid AND b.attnum = u.attnum
          WHERE u.ord <= i.indnkeyatts AND NOT b.attnotnull
        )
      ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid
      LIMIT 1
    ) AS i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, ord)
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.attnum
    WHERE k.ord <= i.indnkeyatts
  ),
  'columns', (
    SELECT coalesce(json_agg(json_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        -- A domain is shown and edited as what it is based on in the end.
        'base', format_type(base.oid, NULL),
        'category', t.typcategory,
        'labels', (
          SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)
          FROM pg_enum AS e WHERE e.enumtypid = base.oid
        ),
        'nullable', NOT (a.attnotnull OR t.typnotnull),
        'default', pg_get_expr(d.adbin, d.adrelid),
        'generated', a.attgenerated <> '',
        'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
        'comment', col_description(c.oid, a.attnum),
        'sortable', EXISTS (
          SELECT FROM pg_opclass AS o JOIN pg_am AS m ON m.oid = o.opcmethod
          WHERE m.amname = 'btree' AND o.opcdefault AND (
            o.opcintype = base.oid
            -- Of these there is one operator class for all.
            OR o.opcintype = 'anyarray'::regtype AND t.typcategory = 'A'
            OR o.opcintype = 'anyenum'::regtype AND base.typtype = 'e'
            OR o.opcintype = 'anyrange'::regtype AND base.typtype = 'r'
            OR o.opcintype = 'text'::regtype AND base.oid = 'varchar'::regtype
            OR o.opcintype = 'inet'::regtype AND base.oid = 'cidr'::regtype
          )
        )
      ) ORDER BY a.attnum), '[]')
    FROM pg_attribute AS a
    JOIN pg_type AS t ON t.oid = a.atttypid
    -- Domains are based on domains.
    CROSS JOIN LATERAL (
      WITH RECURSIVE down AS (
        SELECT t.oid, t.typtype, t.typbasetype
        UNION ALL
        SELECT u.oid, u.typtype, u.typbasetype FROM down JOIN pg_type AS u ON u.oid = down.typbasetype
      )
      SELECT down.oid, down.typtype FROM down WHERE down.typbasetype = 0
    ) AS base
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  ),
  'references', (
    SELECT coalesce(json_agg(json_build_object(
        'name', f.conname,
        'columns', (SELECT json_agg(a.attname ORDER BY k.ord) FROM unnest(f.conkey) WITH ORDINALITY AS k (attnum, ord)
          JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.attnum),
        'schema', n.nspname, 'table', r.relname,
        'to', (SELECT json_agg(a.attname ORDER BY k.ord) FROM unnest(f.confkey) WITH ORDINALITY AS k (attnum, ord)
          JOIN pg_attribute AS a ON a.attrelid = f.confrelid AND a.attnum = k.attnum)
      ) ORDER BY f.conname), '[]')
    FROM pg_constraint AS f
    JOIN pg_class AS r ON r.oid = f.confrelid
    JOIN pg_namespace AS n ON n.oid = r.relnamespace
    WHERE f.conrelid = c.oid AND f.contype = 'f'
  ),
  'referenced', (
    SELECT coalesce(json_agg(json_build_object(
        'name', f.conname,
        'columns', (SELECT json_agg(a.attname ORDER BY k.ord) FROM unnest(f.confkey) WITH ORDINALITY AS k (attnum, ord)
          JOIN pg_attribute AS a ON a.attrelid = f.confrelid AND a.attnum = k.attnum),
        'schema', n.nspname, 'table', r.relname,
        'to', (SELECT json_agg(a.attname ORDER BY k.ord) FROM unnest(f.conkey) WITH ORDINALITY AS k (attnum, ord)
          JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.attnum)
      ) ORDER BY n.nspname, r.relname, f.conname), '[]')
    FROM pg_constraint AS f
    JOIN pg_class AS r ON r.oid = f.conrelid
    JOIN pg_namespace AS n ON n.oid = r.relnamespace
    -- A partition's key is its parent's once more.
    WHERE f.confrelid = c.oid AND f.contype = 'f' AND f.conparentid = 0
  )
)::text
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
