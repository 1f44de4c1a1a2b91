namespace Contacts.Tests.Data;

/// <summary>The checker finds what it is there for, so that its silence means something.</summary>
public sealed class ShardingRulesTests
{
    private static readonly ShardingRules Rules = new(
        new HashSet<string>(StringComparer.Ordinal) { "contacts", "contact_urns", "contact_rows", "groups", "group_members", "group_counts", "idempotent_calls", "webhooks", "webhook_outbox" },
        new HashSet<string>(StringComparer.Ordinal) { "gen_random_uuid", "clock_timestamp", "random", "nextval" });

    [Theory]
    [InlineData("BEGIN ISOLATION LEVEL READ COMMITTED")]
    [InlineData("COMMIT")]
    [InlineData("ANALYZE contacts")]
    [InlineData("SELECT 1")]
    [InlineData("SELECT pg_advisory_xact_lock(hashtextextended($1::text || $2, 0))")]
    [InlineData("SELECT a.id, w.id FROM api_tokens AS a INNER JOIN workspaces AS w ON a.workspace_id = w.id WHERE a.hash = $1 AND a.revoked_on IS NULL")]
    [InlineData("SELECT w.id FROM workspaces AS w")]
    [InlineData("SELECT w.workspace_id, w.id FROM webhooks w WHERE EXISTS (SELECT FROM webhook_outbox o WHERE o.workspace_id = w.workspace_id AND o.webhook_id = w.id)")]
    [InlineData("SELECT id FROM contacts WHERE workspace_id = $1 AND id = ANY ($2 || ARRAY(SELECT contact_id FROM contact_urns WHERE workspace_id = $1 AND identity = ANY ($3))) ORDER BY id FOR UPDATE")]
    [InlineData("SELECT c.id FROM contact_rows AS c WHERE c.workspace_id = $1 AND (c.name = $2 OR EXISTS (SELECT 1 FROM contact_urns AS u WHERE u.workspace_id = c.workspace_id AND u.contact_id = c.id))")]
    [InlineData("SELECT c.id FROM contacts c JOIN contact_urns u ON u.workspace_id = c.workspace_id AND u.contact_id = c.id WHERE $1 = c.workspace_id")]
    [InlineData("SELECT c.id FROM contacts c JOIN contact_urns u USING (workspace_id) WHERE c.workspace_id = '01'::uuid")]
    [InlineData("SELECT t.id FROM groups AS g INNER JOIN (SELECT m.workspace_id, m.group_id FROM group_members AS m WHERE m.workspace_id = $1) AS t ON g.id = t.group_id WHERE g.workspace_id = t.workspace_id")]
    [InlineData("INSERT INTO contacts (workspace_id, id, name) SELECT $1, r.* FROM unnest($2::uuid[], $3::text[]) AS r")]
    [InlineData("INSERT INTO contacts (id, workspace_id) VALUES ($2, $1), ($3, $1) RETURNING id")]
    [InlineData("INSERT INTO group_counts (workspace_id, id, delta) SELECT $1, r.* FROM unnest($2::uuid[], $3::bigint[]) AS r (id, delta) WHERE EXISTS (SELECT FROM groups g WHERE g.workspace_id = $1 AND g.id = r.id)")]
    [InlineData("INSERT INTO groups (workspace_id, id, name) VALUES ($1, $2, $3) ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name")]
    [InlineData("WITH gone AS (DELETE FROM group_counts WHERE workspace_id = $1 AND group_id = $2 RETURNING delta) INSERT INTO group_counts (workspace_id, id, delta) SELECT $1, $3, sum(delta) FROM gone HAVING count(*) > 0")]
    [InlineData("UPDATE contacts c SET name = r.name, modified_on = now() FROM unnest($2::uuid[], $3::text[]) AS r (id, name) WHERE c.workspace_id = $1 AND c.id = r.id")]
    [InlineData("DELETE FROM group_members m USING unnest($2::uuid[]) AS r (id) WHERE m.workspace_id = $1 AND m.contact_id = r.id")]
    [InlineData("DELETE FROM groups AS g WHERE g.workspace_id = $1 AND g.id IN (SELECT m.group_id FROM group_members AS m WHERE m.workspace_id = $1)")]
    [InlineData("SELECT g.workspace_id, g.id FROM groups AS g WHERE g.deleted_on IS NOT NULL")]
    [InlineData("SELECT 'FROM contacts' -- FROM contacts\n/* FROM contacts */")]
    public void What_keeps_the_rules_is_let_through(string sql) => Rules.FaultsOf(new LoggedStatement(sql)).ShouldBeEmpty();

    [Theory]
    [InlineData("SELECT id FROM contacts", "contacts without")]
    [InlineData("SELECT w.workspace_id, w.id FROM webhooks w WHERE EXISTS (SELECT FROM webhook_outbox o WHERE o.webhook_id = w.id)", "webhook_outbox without")]
    [InlineData("SELECT id FROM contacts WHERE id = $1", "contacts without")]
    [InlineData("SELECT id FROM contacts WHERE workspace_id = ANY ($1)", "contacts without")]
    [InlineData("SELECT id FROM contacts WHERE workspace_id <> $1", "contacts without")]
    [InlineData("SELECT id FROM contacts WHERE NOT workspace_id = $1", "contacts without")]
    [InlineData("SELECT id FROM contacts WHERE workspace_id = $1 OR id = $2", "contacts without")]
    [InlineData("SELECT id FROM contacts WHERE name = 'workspace_id = $1'", "contacts without")]
    [InlineData("SELECT id FROM contacts /* WHERE workspace_id = $1 */", "contacts without")]
    [InlineData("SELECT workspace_id = $1 FROM contacts", "contacts without")]
    [InlineData("SELECT id FROM contacts WHERE workspace_id = $1 UNION ALL SELECT id FROM groups", "groups without")]
    [InlineData("SELECT c.id FROM contacts c JOIN contact_urns u ON u.contact_id = c.id WHERE c.workspace_id = $1", "contact_urns without")]
    [InlineData("SELECT c.id FROM contacts c, contact_urns u WHERE c.workspace_id = $1 AND u.contact_id = c.id", "contact_urns without")]
    [InlineData("SELECT c.id FROM contacts c JOIN contact_urns u ON u.workspace_id = c.workspace_id WHERE c.id = $1", "contacts without")]
    [InlineData("SELECT c.id FROM contacts c JOIN contact_urns u ON u.contact_id = c.id WHERE c.workspace_id = $1 AND u.workspace_id = $2", "more than one workspace: $1, $2")]
    [InlineData("SELECT c.id FROM contacts c WHERE c.workspace_id = $1 AND c.workspace_id = $2", "more than one workspace")]
    [InlineData("SELECT id FROM contacts WHERE workspace_id = $1 AND id IN (SELECT contact_id FROM contact_urns WHERE identity = $2)", "contact_urns without")]
    [InlineData("SELECT c.id FROM contacts c WHERE c.workspace_id = $1 AND EXISTS (SELECT FROM contact_urns u WHERE u.contact_id = c.id)", "contact_urns without")]
    [InlineData("SELECT (SELECT count(*) FROM group_members) FROM contacts WHERE workspace_id = $1", "group_members without")]
    [InlineData("WITH u AS (SELECT contact_id FROM contact_urns) SELECT id FROM contacts WHERE workspace_id = $1", "contact_urns without")]
    [InlineData("SELECT g.id FROM groups AS g WHERE g.deleted_on IS NOT NULL", "groups without")]
    [InlineData("SELECT g.workspace_id, g.id FROM groups AS g WHERE g.deleted_on IS NOT NULL FOR UPDATE SKIP LOCKED", "groups without")]
    [InlineData("SELECT c.workspace_id, c.id FROM contacts AS c", "contacts without")]
    [InlineData("INSERT INTO contacts (id, name) VALUES ($1, $2)", "does not name workspace_id")]
    [InlineData("INSERT INTO contacts (workspace_id, id) VALUES ($1, $2), ($3, $4)", "more than one workspace")]
    [InlineData("INSERT INTO contacts (workspace_id, id) VALUES (gen_random_uuid(), $1)", "contacts without")]
    [InlineData("INSERT INTO contacts (workspace_id, id) SELECT r.* FROM unnest($1::uuid[], $2::uuid[]) AS r", "cannot be read")]
    [InlineData("INSERT INTO groups (workspace_id, id) SELECT c.workspace_id, c.id FROM contacts c", "contacts without")]
    [InlineData("INSERT INTO groups (workspace_id, id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", "ON CONFLICT does not name")]
    [InlineData("INSERT INTO groups (workspace_id, id) VALUES ($1, $2) ON CONFLICT (workspace_id, id) DO UPDATE SET created_on = now()", "now in ON CONFLICT")]
    [InlineData("INSERT INTO groups (workspace_id, id) VALUES ($1, $2) ON CONFLICT (workspace_id, id) DO UPDATE SET created_on = statement_timestamp()", "statement_timestamp in ON CONFLICT")]
    [InlineData("INSERT INTO groups (workspace_id, id) VALUES ($1, $2) ON CONFLICT (workspace_id, id) DO UPDATE SET name = (SELECT 'a')", "select in ON CONFLICT")]
    [InlineData("INSERT INTO groups (workspace_id, id) VALUES ($1, $2) ON CONFLICT (workspace_id, id) DO UPDATE SET name = random()", "random in an UPDATE")]
    [InlineData("UPDATE contacts SET name = $1 WHERE id = $2", "contacts without")]
    [InlineData("UPDATE contacts SET id = gen_random_uuid() WHERE workspace_id = $1", "gen_random_uuid in an UPDATE")]
    [InlineData("UPDATE contacts SET modified_on = clock_timestamp() WHERE workspace_id = $1", "clock_timestamp in an UPDATE")]
    [InlineData("UPDATE contacts SET workspace_id = $2 WHERE workspace_id = $1", "never changes its workspace")]
    [InlineData("UPDATE contact_urns u SET position = 1 FROM contacts c WHERE u.workspace_id = $1 AND c.id = u.contact_id", "contacts without")]
    [InlineData("UPDATE idempotent_calls SET id = $1 WHERE workspace_id = $2 AND id = (SELECT id FROM idempotent_calls WHERE status IS NULL FOR UPDATE SKIP LOCKED)", "idempotent_calls without")]
    [InlineData("DELETE FROM contacts", "contacts without")]
    [InlineData("DELETE FROM group_members m USING contacts c WHERE m.workspace_id = $1 AND c.id = m.contact_id", "contacts without")]
    [InlineData("SELECT pg_advisory_xact_lock(1) FROM contacts WHERE workspace_id = $1", "an advisory lock with FROM")]
    [InlineData("MERGE INTO contacts c USING groups g ON true WHEN MATCHED THEN DELETE", "nobody knows what merge does")]
    [InlineData("TRUNCATE contacts", "nobody knows what truncate does")]
    [InlineData("SELECT 1; DELETE FROM contacts", "contacts without")]
    public void What_breaks_a_rule_is_found(string sql, string fault) =>
        Rules.FaultsOf(new LoggedStatement(sql)).ShouldContain(found => found.Contains(fault, StringComparison.Ordinal), $"in {sql}");

    [Fact]
    public void Two_parameters_with_one_value_are_one_workspace()
    {
        const string sql = "UPDATE idempotent_calls SET id = $1 WHERE workspace_id = $2 AND id = (SELECT id FROM idempotent_calls WHERE workspace_id = $3 FOR UPDATE SKIP LOCKED)";
        Rules.FaultsOf(new LoggedStatement(sql, ["id", "one", "one"])).ShouldBeEmpty();
        Rules.FaultsOf(new LoggedStatement(sql, ["id", "one", "other"])).ShouldBe(["more than one workspace: one, other"]);
    }
}
