-- The bench for tests: a clock of the workspace's own, faults on request, and named snapshots of the book.

ALTER TABLE workspaces ADD COLUMN clock_offset_seconds bigint NOT NULL DEFAULT 0;
ALTER TABLE workspaces ADD COLUMN reset_on timestamptz;

-- used counts the calls that a fault with a number of times has hit: on all servers, so the row decides who may still be hit.
CREATE TABLE faults (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  effect text NOT NULL,
  path text NOT NULL,
  method text,
  share integer NOT NULL,
  status integer,
  retry_after_seconds integer,
  latency_ms integer,
  jitter_ms integer,
  bytes_per_second integer,
  times integer,
  used integer NOT NULL,
  created_by text NOT NULL,
  created_on timestamptz NOT NULL,
  ends_on timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE snapshots (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  contacts integer NOT NULL,
  created_by text NOT NULL,
  created_on timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX snapshots_name ON snapshots (workspace_id, name);

-- The rows of one table, a thousand in each, as JSON objects of their columns without the workspace.
CREATE TABLE snapshot_rows (
  workspace_id uuid NOT NULL,
  snapshot_id uuid NOT NULL,
  part text NOT NULL,
  chunk bigint NOT NULL,
  content jsonb NOT NULL,
  PRIMARY KEY (workspace_id, snapshot_id, part, chunk),
  FOREIGN KEY (workspace_id, snapshot_id) REFERENCES snapshots (workspace_id, id)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    PERFORM create_distributed_table('faults', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('snapshots', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('snapshot_rows', 'workspace_id', colocate_with => 'contacts');
  END IF;
END $$;
