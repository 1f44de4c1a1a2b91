using System.Net;
using Contacts.Data;
using Contacts.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Contacts.Tests.Reliability;

/// <summary>A connection knows prepared statements that the driver does not, as when a call was given up while its statement was prepared.</summary>
public sealed class StalePreparationTests(StalePreparationTests.NarrowServer server) : IClassFixture<StalePreparationTests.NarrowServer>
{
    private const int Statements = 40;

    [Fact]
    public async Task A_connection_that_fails_every_call_goes_with_the_first()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        await SpoilAsync(server.Services.GetRequiredService<BookConnections>().Book);
        var statuses = new List<int>();
        for (var call = 0; call < Statements; call++)
            statuses.Add((await client.GetAsync("contacts.json")).Status);
        statuses.ShouldAllBe(status => status == (int)HttpStatusCode.OK || status == (int)HttpStatusCode.ServiceUnavailable);
        statuses.ShouldContain((int)HttpStatusCode.ServiceUnavailable, "the connection was met");
        statuses.Count(status => status == (int)HttpStatusCode.ServiceUnavailable).ShouldBe(1, "it went with the first call that met it");
    }

    private static async Task SpoilAsync(NpgsqlDataSource pool)
    {
        await using var connection = await pool.OpenConnectionAsync();
        for (var number = 0; number < Statements; number++)
        {
            await using var command = new NpgsqlCommand($"PREPARE _auto{number} AS SELECT {number}", connection);
            try
            {
                await command.ExecuteNonQueryAsync();
            }
            catch (PostgresException taken) when (taken.IsStalePreparation())
            {
                // The driver has prepared that one itself, and knows it.
            }
        }
    }

    /// <summary>A server with one connection for lists.</summary>
    public sealed class NarrowServer : TestServer
    {
        protected override bool WorksInBackground => false;

        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Contacts"] = new NpgsqlConnectionStringBuilder(Database) { MaxPoolSize = 2 }.ConnectionString,
        };
    }
}
