-- Webhooks out: who wants to be told of what, what is still to be told, and what was told.

ALTER TABLE workspaces ADD COLUMN allows_private_targets boolean NOT NULL DEFAULT false;
ALTER TABLE workspaces ALTER COLUMN allows_private_targets DROP DEFAULT;

CREATE TABLE webhooks (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  events text[] NOT NULL,
  is_active boolean NOT NULL,
  off_reason text,
  failures integer NOT NULL,
  secret text NOT NULL,
  previous_secret text,
  previous_secret_until timestamptz,
  signature_encoding text NOT NULL,
  signature_has_prefix boolean NOT NULL,
  created_on timestamptz NOT NULL,
  modified_on timestamptz NOT NULL,
  leased_by uuid,
  leased_until timestamptz,
  PRIMARY KEY (workspace_id, id)
);

-- One row per event and webhook, written in the transaction of the change. The id begins with the time of the change, which never runs backwards for a
-- contact, so the order of ids is each contact's order. No foreign key to webhooks: it would lock that one row for every change of a contact.
CREATE TABLE webhook_outbox (
  workspace_id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  id uuid NOT NULL,
  subject_id uuid NOT NULL,
  kind text NOT NULL,
  event jsonb NOT NULL,
  occurred_on timestamptz NOT NULL,
  due_on timestamptz NOT NULL,
  attempts integer NOT NULL,
  last_error text,
  PRIMARY KEY (workspace_id, webhook_id, id)
);
-- The few that failed and wait: the later events of their contacts wait behind them.
CREATE INDEX webhook_outbox_failed ON webhook_outbox (workspace_id, webhook_id, subject_id) WHERE attempts > 0;

-- One row per attempt. The id begins with the time of the attempt.
CREATE TABLE webhook_deliveries (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  kind text NOT NULL,
  event jsonb NOT NULL,
  attempt integer NOT NULL,
  requested_on timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  status integer,
  error text,
  answer text,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (workspace_id, webhook_id, delivery_id);

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
    PERFORM create_distributed_table('webhooks', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('webhook_outbox', 'workspace_id', colocate_with => 'contacts');
    PERFORM create_distributed_table('webhook_deliveries', 'workspace_id', colocate_with => 'contacts');
  END IF;
END $$;
