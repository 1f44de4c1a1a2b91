-- What a customer-relations dialect keeps of a contact: tags, a profile, a stage of the funnel. A contact that never met one pays for none of it:
-- the defaults are not written into old rows, and the indexes leave such rows out.
ALTER TABLE contacts ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
ALTER TABLE contacts ADD COLUMN profile jsonb NOT NULL DEFAULT '{}';
ALTER TABLE contacts ADD COLUMN stage_id uuid;
CREATE INDEX contacts_tags ON contacts USING gin (tags) WHERE tags <> '{}';
CREATE INDEX contacts_stage ON contacts (workspace_id, stage_id) WHERE stage_id IS NOT NULL;

CREATE OR REPLACE VIEW contact_rows AS
SELECT c.workspace_id, c.id, c.name, c.language, c.status, c.fields, c.created_on, c.modified_on, c.last_seen_on, c.deleted_on,
  ARRAY(SELECT u.identity || coalesce('#' || u.display, '') FROM contact_urns u
        WHERE u.workspace_id = c.workspace_id AND u.contact_id = c.id ORDER BY u.position, u.identity) AS urns,
  ARRAY(SELECT m.group_id FROM group_members m
        WHERE m.workspace_id = c.workspace_id AND m.contact_id = c.id ORDER BY m.group_id) AS group_ids,
  c.tags, c.profile, c.stage_id
FROM contacts c;

-- No foreign key from contacts: a stage that is deleted is gone at once, and its contacts are cleared after it, piece by piece.
CREATE TABLE stages (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  position integer NOT NULL,
  color text NOT NULL,
  created_on timestamptz NOT NULL,
  modified_on timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- A key opens one dialect's API alone.
ALTER TABLE api_tokens ADD COLUMN dialect text NOT NULL DEFAULT 'weni';
ALTER TABLE workspaces ADD COLUMN minute_limit integer DEFAULT 100;
ALTER TABLE workspaces ADD COLUMN mexican_prefix boolean NOT NULL DEFAULT false;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    PERFORM create_distributed_table('stages', 'workspace_id', colocate_with => 'contacts');
  END IF;
END $$;
