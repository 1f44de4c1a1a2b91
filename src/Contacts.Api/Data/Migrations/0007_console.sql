-- Who is signed in to the web interface. Small tables that are looked up before the workspace is known: not distributed.
-- Only hashes of the cookies and links are kept, as with tokens.
CREATE TABLE console_sessions (
  hash bytea PRIMARY KEY,
  workspace_id uuid NOT NULL,
  token_id uuid NOT NULL,
  is_link boolean NOT NULL,
  begun_on timestamptz NOT NULL,
  expires_on timestamptz NOT NULL,
  FOREIGN KEY (workspace_id, token_id) REFERENCES api_tokens (workspace_id, id)
);
CREATE INDEX console_sessions_expiry ON console_sessions (expires_on);

-- The keys that forms are guarded with, shared by all servers on this database.
CREATE TABLE console_keys (
  id uuid PRIMARY KEY,
  xml text NOT NULL
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    PERFORM create_reference_table('console_sessions');
    PERFORM create_reference_table('console_keys');
  END IF;
END $$;
