\set key random(:first, :last)
SELECT c.id, c.name, c.language, c.status, c.fields, c.created_on, c.modified_on, c.last_seen_on, u.identity FROM contact_urns u JOIN contacts c ON c.workspace_id = u.workspace_id AND c.id = u.contact_id WHERE u.workspace_id = :workspace AND u.identity = 'tel:+' || (250700000000 + :key) AND c.deleted_on IS NULL;
