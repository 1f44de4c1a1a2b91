-- The book. Sharding rules (see docs/scaling.md): every key and index of a distributed table starts with workspace_id,
-- rows never change their workspace, ids are made by the server, no triggers, no SET NULL.

-- Small tables that are looked up before the workspace is known: not distributed.
CREATE TABLE workspaces (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  name_key text NOT NULL,
  country text,
  timezone text NOT NULL,
  date_style text NOT NULL,
  profile text NOT NULL,
  languages text[] NOT NULL,
  verify_ninth_digit boolean NOT NULL,
  is_anonymous boolean NOT NULL,
  standing text NOT NULL,
  hourly_limit integer,
  field_limit integer NOT NULL,
  group_limit integer NOT NULL,
  created_on timestamptz NOT NULL
);
CREATE UNIQUE INDEX workspaces_name ON workspaces (name_key);

CREATE TABLE api_tokens (
  workspace_id uuid NOT NULL REFERENCES workspaces (id),
  id uuid NOT NULL,
  hash bytea NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  created_on timestamptz NOT NULL,
  revoked_on timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (hash);

CREATE TABLE contacts (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  name text,
  language text,
  status smallint NOT NULL,
  fields jsonb NOT NULL,
  created_on timestamptz NOT NULL,
  modified_on timestamptz NOT NULL,
  last_seen_on timestamptz,
  deleted_on timestamptz,
  PRIMARY KEY (workspace_id, id)
);
-- Every update moves its contact to the front of one of these two; creation order is the primary key's.
CREATE INDEX contacts_modified ON contacts (workspace_id, modified_on, id) WHERE deleted_on IS NULL;
CREATE INDEX contacts_deleted ON contacts (workspace_id, modified_on, id) WHERE deleted_on IS NOT NULL;

-- The primary key is what makes one contact of a thousand racing calls.
CREATE TABLE contact_urns (
  workspace_id uuid NOT NULL,
  identity text NOT NULL,
  contact_id uuid NOT NULL,
  position integer NOT NULL,
  display text,
  PRIMARY KEY (workspace_id, identity),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
);
CREATE INDEX contact_urns_contact ON contact_urns (workspace_id, contact_id);

CREATE TABLE fields (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  key text NOT NULL,
  label text NOT NULL,
  label_key text NOT NULL,
  value_type text NOT NULL,
  created_on timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX fields_key ON fields (workspace_id, key);
CREATE UNIQUE INDEX fields_label ON fields (workspace_id, label_key);

CREATE TABLE groups (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  query text,
  created_on timestamptz NOT NULL,
  deleted_on timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX groups_name ON groups (workspace_id, name_key) WHERE deleted_on IS NULL;

-- No foreign key to groups: a deleted group's members go in the background, and the engine holds the group's row while it adds one.
CREATE TABLE group_members (
  workspace_id uuid NOT NULL,
  group_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, group_id, contact_id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
);
CREATE INDEX group_members_contact ON group_members (workspace_id, contact_id);

-- A contact with its URNs and groups as every reader gets it: one statement, one snapshot. Written by the engine alone.
CREATE VIEW contact_rows AS
SELECT c.workspace_id, c.id, c.name, c.language, c.status, c.fields, c.created_on, c.modified_on, c.last_seen_on, c.deleted_on,
  ARRAY(SELECT u.identity || coalesce('#' || u.display, '') FROM contact_urns u
        WHERE u.workspace_id = c.workspace_id AND u.contact_id = c.id ORDER BY u.position, u.identity) AS urns,
  ARRAY(SELECT m.group_id FROM group_members m
        WHERE m.workspace_id = c.workspace_id AND m.contact_id = c.id ORDER BY m.group_id) AS group_ids
FROM contacts c;

-- Differences, summed when read and squashed in the background.
CREATE TABLE group_counts (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  group_id uuid NOT NULL,
  delta bigint NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX group_counts_group ON group_counts (workspace_id, group_id) INCLUDE (delta);

-- Triggers, flows and campaigns. No foreign key from the groups they use to groups: what is archived outlives its groups.
CREATE TABLE automations (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  number integer NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  type text NOT NULL,
  created_on timestamptz NOT NULL,
  modified_on timestamptz NOT NULL,
  archived_on timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX automations_number ON automations (workspace_id, kind, number);
CREATE UNIQUE INDEX automations_name ON automations (workspace_id, kind, name_key) WHERE archived_on IS NULL;

CREATE TABLE automation_groups (
  workspace_id uuid NOT NULL,
  automation_id uuid NOT NULL,
  group_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, automation_id, group_id),
  FOREIGN KEY (workspace_id, automation_id) REFERENCES automations (workspace_id, id)
);
CREATE INDEX automation_groups_group ON automation_groups (workspace_id, group_id);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    PERFORM create_reference_table('workspaces');
    PERFORM create_reference_table('api_tokens');
    PERFORM create_distributed_table('contacts', 'workspace_id');
    PERFORM create_distributed_table('contact_urns', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('fields', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('groups', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('group_members', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('group_counts', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('automations', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('automation_groups', 'workspace_id', colocate_with => 'contacts');
  END IF;
END $$;
