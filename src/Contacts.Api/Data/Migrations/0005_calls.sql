-- Calls as they came and were answered, for people who look for what went wrong, and how many there were by the minute.

ALTER TABLE workspaces ADD COLUMN recording text NOT NULL DEFAULT 'All';
ALTER TABLE workspaces ADD COLUMN recorded_calls integer NOT NULL DEFAULT 100000;
ALTER TABLE workspaces ADD COLUMN recorded_days integer NOT NULL DEFAULT 7;
ALTER TABLE workspaces ADD COLUMN recorded_megabytes integer NOT NULL DEFAULT 200;

-- The id begins with the time at which the call came. Headers, what was understood and what changed are JSON, kept as text: it is only ever shown
-- and searched as text.
CREATE TABLE request_log (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  token_id uuid,
  token_name text,
  dialect text NOT NULL,
  method text NOT NULL,
  path text NOT NULL,
  query text,
  status integer NOT NULL,
  duration_us bigint NOT NULL,
  contact_id uuid,
  address text,
  request_id text NOT NULL,
  flags integer NOT NULL,
  size integer NOT NULL,
  body_size bigint NOT NULL,
  answer_size bigint NOT NULL,
  request_headers text NOT NULL,
  body text,
  answer_headers text NOT NULL,
  answer_body text,
  understood text,
  changes text,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX request_log_contact ON request_log (workspace_id, contact_id, id) WHERE contact_id IS NOT NULL;
CREATE INDEX request_log_refused ON request_log (workspace_id, id) WHERE status >= 400;

-- Of calls that touched several contacts.
CREATE TABLE request_log_contacts (
  workspace_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  call_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, contact_id, call_id)
);
CREATE INDEX request_log_contacts_call ON request_log_contacts (workspace_id, call_id);

-- All calls of a minute that one server answered, by class of status (2 for 200 to 299), those that were not kept in full among them. Only the server
-- named writes a row, every two seconds at most: no row is hot. The histogram counts durations, see Calls/Latencies.
CREATE TABLE call_minutes (
  workspace_id uuid NOT NULL,
  minute timestamptz NOT NULL,
  server_id uuid NOT NULL,
  status_class smallint NOT NULL,
  count integer NOT NULL,
  left_out integer NOT NULL,
  kept integer NOT NULL,
  kept_bytes bigint NOT NULL,
  contacts_created integer NOT NULL,
  contacts_deleted integer NOT NULL,
  histogram integer[] NOT NULL,
  PRIMARY KEY (workspace_id, minute, server_id, status_class)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    PERFORM create_distributed_table('request_log', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('request_log_contacts', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('call_minutes', 'workspace_id', colocate_with => 'contacts');
  END IF;
END $$;
