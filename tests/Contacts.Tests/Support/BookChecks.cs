using Contacts.Core;
using Contacts.Data;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Contacts.Tests.Support;

/// <summary>What must hold of a book at rest, whatever happened before.</summary>
public static class BookChecks
{
    private static readonly Dictionary<string, string> Faults = new(StringComparer.Ordinal)
    {
        ["URNs of deleted contacts"] =
            "SELECT count(*) FROM contact_urns JOIN contacts c USING (workspace_id) WHERE c.id = contact_id AND deleted_on IS NOT NULL",
        ["deleted contacts with personal data"] =
            "SELECT count(*) FROM contacts WHERE deleted_on IS NOT NULL AND (name IS NOT NULL OR language IS NOT NULL OR fields <> '{}')",
        ["deleted contacts in groups"] =
            "SELECT count(*) FROM group_members JOIN contacts c USING (workspace_id) WHERE c.id = contact_id AND deleted_on IS NOT NULL",
        ["contacts whose URNs are not numbered from 0"] =
            "SELECT count(*) FROM (SELECT FROM contact_urns GROUP BY workspace_id, contact_id HAVING max(position) <> count(*) - 1 OR min(position) <> 0) t",
        ["members of groups that are gone"] =
            "SELECT count(*) FROM group_members m WHERE NOT EXISTS (SELECT FROM groups g WHERE (g.workspace_id, g.id) = (m.workspace_id, m.group_id))",
        ["living groups whose count is not their members'"] =
            """
            SELECT count(*) FROM groups g WHERE deleted_on IS NULL
              AND (SELECT coalesce(sum(delta), 0) FROM group_counts d WHERE (d.workspace_id, d.group_id) = (g.workspace_id, g.id))
                <> (SELECT count(*) FROM group_members m WHERE (m.workspace_id, m.group_id) = (g.workspace_id, g.id))
            """,
        ["counts of groups that are gone"] =
            "SELECT count(*) FROM group_counts d WHERE NOT EXISTS (SELECT FROM groups g WHERE (g.workspace_id, g.id) = (d.workspace_id, d.group_id))",
    };

    /// <summary>Looks at the whole database, after the background work is done as well.</summary>
    public static async Task ShouldBeConsistentAsync(this TestServer server)
    {
        await server.Services.GetRequiredService<GroupCleaner>().CleanAsync(CancellationToken.None);
        foreach (var (fault, sql) in Faults)
            (await server.CountAsync(sql)).ShouldBe(0, fault);
    }

    /// <summary>The number that a statement answers.</summary>
    public static async Task<long> CountAsync(this TestServer server, string sql, params object[] values)
    {
        await using var command = server.Services.GetRequiredService<BookConnections>().Book.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
