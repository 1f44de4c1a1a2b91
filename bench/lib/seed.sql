-- A book of :contacts contacts as the write engine leaves them. Number i has the URN tel:+(250700000000 + i), three values and the group Everyone;
-- the last tenth has twenty values and ten groups. :fields and :groups are the ids, in the order of field_1 … field_20, and of Everyone, Group 1 … 9.
\set ON_ERROR_STOP 1
-- The rows are whole by construction: foreign keys need no second look.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET work_mem = '64MB';

-- UUID version 7, ten milliseconds apart, the last one an hour ago.
CREATE FUNCTION pg_temp.seeded_time(number bigint, total bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS
  $$ SELECT 1767225600000 - (total - number) * 10 $$;
CREATE FUNCTION pg_temp.seeded_id(number bigint, total bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
  $$ SELECT (lpad(to_hex(pg_temp.seeded_time(number, total)), 12, '0') || '7' || substr(md5(number::text), 1, 3) || '8' || substr(md5(number::text), 4, 15))::uuid $$;

INSERT INTO contacts (workspace_id, id, name, language, status, fields, created_on, modified_on)
SELECT :'workspace', pg_temp.seeded_id(i, :contacts), 'Contact ' || i, 'eng', 0,
  (format('{"%s":{"text":"v%s"},"%s":{"text":"%s","number":%s},"%s":{"text":"2026-01-31T10:00:00Z","datetime":"2026-01-31T10:00:00.000000Z"}',
     f[1], i, f[2], i % 90, i % 90, f[3])
   || CASE WHEN i >= :contacts - :contacts / 10
        THEN (SELECT string_agg(format(',"%s":{"text":"Value %s of %s"}', f[n], n, i), '') FROM generate_series(4, 20) AS n) ELSE '' END
   || '}')::jsonb,
  to_timestamp(pg_temp.seeded_time(i, :contacts) / 1000.0), to_timestamp(pg_temp.seeded_time(i, :contacts) / 1000.0)
FROM generate_series(0, :contacts::bigint - 1) AS i, (SELECT :'fields'::text[] AS f) AS ids;

INSERT INTO contact_urns (workspace_id, identity, contact_id, position)
SELECT :'workspace', 'tel:+' || (250700000000 + i), pg_temp.seeded_id(i, :contacts), 0 FROM generate_series(0, :contacts::bigint - 1) AS i;

INSERT INTO group_members (workspace_id, group_id, contact_id)
SELECT :'workspace', (:'groups'::uuid[])[1], pg_temp.seeded_id(i, :contacts) FROM generate_series(0, :contacts::bigint - 1) AS i;
INSERT INTO group_members (workspace_id, group_id, contact_id)
SELECT :'workspace', (:'groups'::uuid[])[n], pg_temp.seeded_id(i, :contacts)
FROM generate_series(2, 10) AS n, generate_series(:contacts::bigint - :contacts / 10, :contacts::bigint - 1) AS i;

INSERT INTO group_counts (workspace_id, id, group_id, delta)
SELECT :'workspace', gen_random_uuid(), group_id, count(*) FROM group_members WHERE workspace_id = :'workspace' GROUP BY group_id;

VACUUM ANALYZE;
CHECKPOINT;
