using System.Diagnostics;
using Contacts.Data;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Contacts.Tests.Reliability;

/// <summary>A server vanishes in the middle of a batch, and PostgreSQL is not told: its locks must not outlive it by much.</summary>
public sealed class AbandonedLockTests(TestServer server) : IClassFixture<TestServer>
{
    // Two seconds, and time for a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task The_locks_of_a_server_that_is_gone_hold_nobody_up_for_long()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var uuid = await client.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        await using var gone = await server.Services.GetRequiredService<BookConnections>().Engine.OpenConnectionAsync();
        await ExecuteAsync(gone, "BEGIN");
        await ExecuteAsync(gone, $"SELECT FROM contacts WHERE workspace_id = '{client.Workspace.Id}' AND id = '{uuid}' FOR UPDATE");
        var since = Stopwatch.GetTimestamp();
        (await client.PostAsync("contacts.json?urn=ext:1", new { name = "Ana" })).Status.ShouldBe(200);
        Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Patience);
        await Should.ThrowAsync<NpgsqlException>(() => ExecuteAsync(gone, "COMMIT"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
