-- What belongs to one relation, $1.$2, besides its columns.
SELECT json_build_object(
  'sizes', CASE WHEN c.relkind IN ('r', 'm', 'p') THEN json_build_object(
    'table', pg_table_size(c.oid), 'indexes', pg_indexes_size(c.oid), 'total', pg_total_relation_size(c.oid)) END,
  'owner', pg_get_userbyid(c.relowner),
  'rowSecurity', CASE WHEN c.relforcerowsecurity THEN 'forced' WHEN c.relrowsecurity THEN 'on' ELSE 'off' END,
  'partitionKey', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
  'partitionOf', (SELECT p.inhparent::regclass::text FROM pg_inherits AS p WHERE p.inhrelid = c.oid AND c.relispartition),
  'partitions', (
    SELECT coalesce(json_agg(json_build_object('name', p.relname, 'bound', pg_get_expr(p.relpartbound, p.oid))
      ORDER BY p.relname), '[]')
    FROM pg_inherits AS h JOIN pg_class AS p ON p.oid = h.inhrelid
    WHERE h.inhparent = c.oid AND p.relispartition
  ),
  'query', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid, true) END,
  'indexes', (
    SELECT coalesce(json_agg(json_build_object(
        'name', x.relname, 'definition', pg_get_indexdef(i.indexrelid), 'unique', i.indisunique,
        'primary', i.indisprimary, 'valid', i.indisvalid, 'size', pg_relation_size(i.indexrelid),
        'scans', s.idx_scan
      ) ORDER BY i.indisprimary DESC, x.relname), '[]')
    FROM pg_index AS i
    JOIN pg_class AS x ON x.oid = i.indexrelid
    LEFT JOIN pg_stat_all_indexes AS s ON s.indexrelid = i.indexrelid
    WHERE i.indrelid = c.oid
  ),
  'constraints', (
    SELECT coalesce(json_agg(json_build_object(
        'name', k.conname,
        'kind', CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check'
          WHEN 'f' THEN 'foreign key' WHEN 'x' THEN 'exclusion' WHEN 'n' THEN 'not null' ELSE 'trigger' END,
        'definition', pg_get_constraintdef(k.oid, true), 'validated', k.convalidated
      ) ORDER BY k.contype, k.conname), '[]')
    FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype <> 'n'
  ),
  'policies', (
    SELECT coalesce(json_agg(json_build_object(
        'name', p.polname,
        'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
          WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
        'permissive', p.polpermissive,
        'roles', (SELECT json_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r) END) FROM unnest(p.polroles) AS r),
        'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)
      ) ORDER BY p.polname), '[]')
    FROM pg_policy AS p WHERE p.polrelid = c.oid
  ),
  'triggers', (
    SELECT coalesce(json_agg(json_build_object(
        'name', t.tgname, 'definition', pg_get_triggerdef(t.oid, true), 'enabled', t.tgenabled <> 'D'
      ) ORDER BY t.tgname), '[]')
    FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
  )
)::text
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
