using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;
using Npgsql;

namespace Contacts.Tests.Reliability;

/// <summary>Lists are read from a standby, and nobody can tell: not while it is behind, and not when it goes.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class ReplicaTests : IDisposable
{
    private const int Writes = 40;
    private static readonly TimeSpan LongerThanAllowed = TimeSpan.FromSeconds(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("contacts-test-").FullName;

    [Fact]
    public async Task Lists_come_from_a_standby_as_long_as_it_has_what_was_written()
    {
        await using var pair = await PostgresPair.StartAsync(_folder);
        await using var server = await ContactsProcess.ServeAsync(
            Path.Combine(_folder, "unused"), "--ConnectionStrings:Contacts=" + pair.ConnectionString, "--ConnectionStrings:ContactsReplicas=" + pair.ConnectionStringOf(1),
            "--Logging:LogLevel:Default=Warning");
        using var client = server.Client(server.Token);

        await WriteAsync(client, "First");
        await AnsweredByStandbyAsync(pair, client);

        // Behind: it holds the log, which is enough for a commit, and shows nothing of it.
        await pair.ExecuteAsync(1, "SELECT pg_wal_replay_pause()");
        for (var number = 0; number < Writes; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"Number {number}");
            await WriteAsync(client, name);
            (await NewestAsync(client)).ShouldBe(name);
        }

        await Task.Delay(LongerThanAllowed);
        (await NewestAsync(client)).ShouldBe($"Number {Writes - 1}");
        await pair.ExecuteAsync(1, "SELECT pg_wal_replay_resume()");
        await AnsweredByStandbyAsync(pair, client);

        // Gone.
        await pair.ExecuteAsync(0, "ALTER SYSTEM SET synchronous_standby_names = ''");
        await pair.ExecuteAsync(0, "SELECT pg_reload_conf()");
        await pair.KillAsync(1);
        for (var number = 0; number < Writes; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"After {number}");
            await WriteAsync(client, name);
            (await NewestAsync(client)).ShouldBe(name);
        }

        await Eventually.BecomesTrueAsync(() => server.Errors.Contains("is not read", StringComparison.Ordinal), "the log tells that the replica is gone");
        server.Errors.ShouldNotContain("ERR]");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task WriteAsync(HttpClient client, string name)
    {
        var answer = await client.PostAsJsonAsync("/api/v2/contacts.json?urn=ext:1", new { name });
        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created);
    }

    private static async Task<string?> NewestAsync(HttpClient client)
    {
        var list = await client.GetFromJsonAsync<JsonElement>("/api/v2/contacts.json?limit=1");
        return list.GetProperty("results")[0].GetProperty("name").GetString();
    }

    /// <summary>PostgreSQL counts what is read of each table, on a standby too.</summary>
    private static async Task AnsweredByStandbyAsync(PostgresPair pair, HttpClient client)
    {
        var before = await ScansAsync(pair);
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                await NewestAsync(client);
                return await ScansAsync(pair) > before;
            },
            "the standby answers");
    }

    private static async Task<long> ScansAsync(PostgresPair pair)
    {
        await using var connection = new NpgsqlConnection(pair.ConnectionStringOf(1) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT (sum(seq_scan) + sum(idx_scan))::bigint FROM pg_stat_user_tables WHERE relname = 'contacts'", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
