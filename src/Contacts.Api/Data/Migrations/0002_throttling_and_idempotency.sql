-- Calls counted per token and scope, in buckets of a minute. Only the server named writes a row, once a second at most: no row is hot.
CREATE TABLE request_counts (
  workspace_id uuid NOT NULL,
  began_on timestamptz NOT NULL,
  token_id uuid NOT NULL,
  scope text NOT NULL,
  server_id uuid NOT NULL,
  count integer NOT NULL,
  PRIMARY KEY (workspace_id, began_on, token_id, scope, server_id)
);

-- Calls under an Idempotency-Key. The id is the claim: whoever takes a call over gives it a new one, and the old claim holds nothing any more.
CREATE TABLE idempotent_calls (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  token_id uuid NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  leased_until timestamptz NOT NULL,
  expires_on timestamptz NOT NULL,
  effect smallint,
  subject text,
  status integer,
  content_type text,
  body bytea,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX idempotent_calls_key ON idempotent_calls (workspace_id, token_id, key);
CREATE INDEX idempotent_calls_expiry ON idempotent_calls (workspace_id, expires_on);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    PERFORM create_distributed_table('request_counts', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('idempotent_calls', 'workspace_id', colocate_with => 'contacts');
  END IF;
END $$;
