using Contacts.Data;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Contacts.Tests.Data;

/// <summary>The partial indexes leave out contacts that have no tags or stage, and the searches' conditions are what PostgreSQL needs to use them.</summary>
public sealed class SearchIndexTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("tags <> '{}' AND tags @> '{a}'", "contacts_tags")]
    [InlineData("tags <> '{}' AND tags && '{a}'", "contacts_tags")]
    [InlineData("stage_id = '550e8400-e29b-41d4-a716-446655440000'", "contacts_stage")]
    public async Task A_condition_of_a_search_may_use_its_index(string condition, string index) => (await ExplainAsync(condition)).ShouldContain(index);

    [Fact]
    public async Task Tags_without_the_indexs_condition_would_not() =>
        (await ExplainAsync("tags @> '{a}'")).ShouldNotContain("contacts_tags");

    /// <summary>The plan of the condition alone: an empty table's other indexes would do as well.</summary>
    private async Task<string> ExplainAsync(string condition)
    {
        await using var connection = await server.Services.GetRequiredService<BookConnections>().Book.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"SET LOCAL enable_seqscan = off; EXPLAIN SELECT id FROM contacts WHERE {condition}", connection, transaction);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }
}
