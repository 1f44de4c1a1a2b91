-- Files of contacts on their way into the book. One at a time is at work in a workspace: the database sees to it.
CREATE TABLE imports (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  made_by text NOT NULL,
  created_on timestamptz NOT NULL,
  status text NOT NULL,
  options jsonb NOT NULL,
  row_count integer NOT NULL,
  read_count integer NOT NULL,
  created_count integer NOT NULL,
  updated_count integer NOT NULL,
  unchanged_count integer NOT NULL,
  refused_count integer NOT NULL,
  repeated_count integer NOT NULL,
  new_groups text[] NOT NULL,
  batch_on timestamptz,
  holder uuid,
  leased_until timestamptz,
  is_stopping boolean NOT NULL,
  finished_on timestamptz,
  failure text,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX imports_active ON imports (workspace_id) WHERE status IN ('Checking', 'Running');

-- Beside it, so that a list of imports never reads a file.
CREATE TABLE import_files (
  workspace_id uuid NOT NULL,
  import_id uuid NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (workspace_id, import_id),
  FOREIGN KEY (workspace_id, import_id) REFERENCES imports (workspace_id, id)
);

-- The rows that were refused, and the first few.
CREATE TABLE import_rows (
  workspace_id uuid NOT NULL,
  import_id uuid NOT NULL,
  line integer NOT NULL,
  effect text NOT NULL,
  code text,
  subject text NOT NULL,
  cells text[] NOT NULL,
  PRIMARY KEY (workspace_id, import_id, line),
  FOREIGN KEY (workspace_id, import_id) REFERENCES imports (workspace_id, id)
);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    PERFORM create_distributed_table('imports', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('import_files', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('import_rows', 'workspace_id', colocate_with => 'contacts');
  END IF;
END $$;
