using System.Net.Http.Json;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;

namespace Contacts.Tests.Data;

/// <summary>A first import must not run on the plans of an empty table.</summary>
public sealed class FirstStatisticsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_table_that_has_grown_is_looked_at_soon()
    {
        using var client = server.NewClient((await server.NewWorkspaceAsync()).Token);
        var contacts = Enumerable.Range(0, 1000).Select(number => new { urn = $"ext:{number}" });
        using var answer = await client.PostAsJsonAsync("/api/v2/contacts_bulk.json", new { contacts });
        answer.IsSuccessStatusCode.ShouldBeTrue();

        foreach (var table in new[] { "contacts", "contact_urns" })
            await Eventually.BecomesTrueAsync(() => IsKnownAsync(table), $"{table} has statistics");
    }

    private async Task<bool> IsKnownAsync(string table) =>
        await server.CountAsync("SELECT count(*) FROM pg_stat_user_tables WHERE relname = $1 AND last_analyze IS NOT NULL", table) == 1;
}
