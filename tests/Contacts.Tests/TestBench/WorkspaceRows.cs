using Contacts.Data;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Contacts.Tests.TestBench;

/// <summary>Everything that the database has of a workspace, table by table, as text to compare.</summary>
internal static class WorkspaceRows
{
    /// <summary>All rows of a workspace in some tables, all columns, by the table's name.</summary>
    public static async Task<Dictionary<string, string>> RowsAsync(this TestServer server, Guid workspaceId, IEnumerable<string> tables)
    {
        var rows = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            await using var command = server.Services.GetRequiredService<BookConnections>().Book.CreateCommand(
                $"SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {table} t WHERE workspace_id = $1");
            command.Parameters.Add(new NpgsqlParameter { Value = workspaceId });
            rows.Add(table, (string)(await command.ExecuteScalarAsync())!);
        }

        return rows;
    }

    /// <summary>The tables that have rows of workspaces.</summary>
    public static async Task<string[]> TablesAsync(this TestServer server)
    {
        await using var command = server.Services.GetRequiredService<BookConnections>().Book.CreateCommand(
            """
            SELECT array_agg(relname::text ORDER BY relname) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attname = 'workspace_id'
            """);
        return (string[])(await command.ExecuteScalarAsync())!;
    }
}
