-- Who did what to a workspace through the management API, the console or the command line. Written before it is done; status and subject are added
-- when it is done, and nothing else of an entry ever changes. The id begins with the time.
CREATE TABLE audit_log (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  token_id uuid,
  token_name text,
  role text,
  channel text NOT NULL,
  action text NOT NULL,
  path text,
  subject text,
  address text,
  request_id text,
  status integer,
  PRIMARY KEY (workspace_id, id)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    PERFORM create_distributed_table('audit_log', 'workspace_id', colocate_with => 'contacts');
  END IF;
END $$;
