\set key random(:first, :last)
\set value random(1, 1000000000000)
BEGIN;
SELECT c.id, c.fields FROM contact_urns u JOIN contacts c ON c.workspace_id = u.workspace_id AND c.id = u.contact_id WHERE u.workspace_id = :workspace AND u.identity = 'tel:+' || (250700000000 + :key) FOR UPDATE OF c \gset
UPDATE contacts SET name = :value, fields = :fields, modified_on = now() WHERE workspace_id = :workspace AND id = :id;
COMMIT;
