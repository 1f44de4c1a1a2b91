\set number random(100000000000, 999999999999)
BEGIN;
INSERT INTO contacts (workspace_id, id, name, status, fields, created_on, modified_on) VALUES (:workspace, (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(gen_random_uuid()::text, 16, 3) || substr(gen_random_uuid()::text, 20))::uuid, :number, 0, jsonb_build_object(:field::text, jsonb_build_object('text', :number::text)), now(), now()) RETURNING id \gset
INSERT INTO contact_urns (workspace_id, identity, contact_id, position) VALUES (:workspace, 'tel:+99' || :number::text, :id, 0), (:workspace, 'mailto:' || 'p' || :number::text || '@example.com', :id, 1);
COMMIT;
