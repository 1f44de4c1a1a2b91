using System.Text;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;
using Npgsql;
using Xunit.Abstractions;

namespace Contacts.Tests.Security;

/// <summary>
/// Secrets are nowhere but where they are needed: a server is used for much of what it can do, with everything written that it can write, and then all of it is
/// searched for every secret that was used: log, calls, audit log, traces and metrics, refusals, pages, and every table of the database.
/// </summary>
[Collection("processes")]
public sealed class SecretTests(ITestOutputHelper output)
{
    // Signing needs the secret itself, and a webhook's URL is called as it stands.
    private static readonly string[] Needed = ["webhooks", "console_keys"];

    [Fact]
    public Task No_secret_is_written_anywhere_however_much_is_logged() => SearchAsync("Debug");

    [Fact]
    [Trait("Soak", "Yes")]
    public Task No_secret_is_written_anywhere_at_the_usual_level() => SearchAsync("Information");

    private async Task SearchAsync(string level)
    {
        var database = new NpgsqlConnectionStringBuilder(await TestPostgres.CreateDatabaseAsync());
        database.Password ??= $"hush{Guid.NewGuid():N}";
        await using var collector = await Collector.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        Dictionary<string, string> secrets;
        int calls;
        var server = ContactsProcess.Start(EnvironmentOf(database.ConnectionString, collector.Url), ["--urls", "http://127.0.0.1:0", "--Logging:Format=json", .. LevelsOf(level)]);
        await using (server)
        {
            await server.ReadyAsync();
            using var walk = new SecretWalk(server.Url, server.Token, database.ConnectionString);
            await walk.WalkAsync(receiver.Url);
            await receiver.UntilAsync(1);
            (secrets, calls) = (walk.Secrets, walk.Calls);
            places["refusals"] = walk.Errors;
            places["the calls of the API"] = await ReadAllAsync(server, "calls");
            places["the audit log of the API"] = await ReadAllAsync(server, "audit");
            places["the console's pages"] = await PagesAsync(server);
        }

        places["the log"] = server.Errors;
        places["traces and metrics"] = collector.Text;
        foreach (var (table, rows) in await TablesAsync(database.ConnectionString))
            places[$"table {table}"] = rows;
        await TestPostgres.DropAsync(database.ConnectionString);

        secrets["database's password"] = database.Password;
        output.WriteLine($"{calls} calls, {secrets.Count} secrets, {places.Count} places of {places.Values.Sum(text => (long)text.Length)} characters");
        places["the log"].ShouldContain("/api/v2/contacts.json");
        places["the log"].Contains("\"@l\":\"Debug\"", StringComparison.Ordinal).ShouldBe(level == "Debug");
        places["traces and metrics"].ShouldContain("POST /api/v2/contacts.json");
        places["the calls of the API"].ShouldContain("********");
        places["the audit log of the API"].ShouldContain("createToken");
        secrets.Count.ShouldBeGreaterThan(20);
        Leaks(secrets, places).ShouldBeEmpty();
    }

    private static IEnumerable<string> Leaks(Dictionary<string, string> secrets, Dictionary<string, string> places) =>
        from secret in secrets
        from form in FormsOf(secret.Value)
        from place in places
        let at = place.Value.IndexOf(form, StringComparison.OrdinalIgnoreCase)
        where at >= 0
        select $"{secret.Key} in {place.Key}: …{place.Value[Math.Max(0, at - 200)..Math.Min(place.Value.Length, at + form.Length + 40)]}";

    /// <summary>A secret as it is, without its prefix, and as it stands in a URL.</summary>
    private static IEnumerable<string> FormsOf(string secret) =>
        new[] { secret, secret[(secret.IndexOf('_', StringComparison.Ordinal) + 1)..], Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) }.Distinct(StringComparer.Ordinal);

    private static Dictionary<string, string> EnvironmentOf(string database, string collector) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings__Contacts"] = database,
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    private static IEnumerable<string> LevelsOf(string level) => level == "Information"
        ? []
        : new[] { "Default", "Microsoft", "Microsoft.AspNetCore.DataProtection", "Microsoft.EntityFrameworkCore.Database", "System", "Npgsql" }.Select(name => $"--Logging:LogLevel:{name}={level}");

    /// <summary>Everything that a list of the management API has, with each object read alone where that shows more.</summary>
    private static async Task<string> ReadAllAsync(ContactsProcess server, string list)
    {
        using var client = server.Client();
        var all = new StringBuilder();
        for (string? cursor = ""; cursor is not null;)
        {
            var text = await client.GetStringAsync(new Uri($"/manage/api/{list}?limit=250{cursor}", UriKind.Relative));
            all.Append(text);
            var page = System.Text.Json.Nodes.JsonNode.Parse(text)!;
            foreach (var item in list == "calls" ? page["results"]!.AsArray() : [])
                all.Append(await client.GetStringAsync(new Uri($"/manage/api/calls/{item!["uuid"]}", UriKind.Relative)));
            cursor = page["next"] is { } next ? $"&cursor={next}" : null;
        }

        return all.ToString();
    }

    private static async Task<string> PagesAsync(ContactsProcess server)
    {
        using var browser = ConsoleClient.OfNobody(server.Url);
        await browser.SubmitAsync(await browser.GetAsync("sign-in"), "sign-in", ("token", server.Token));
        var all = new StringBuilder();

        // Not the webhooks' own: whoever manages them sees where they go.
        foreach (var path in new[] { "calls", "calls?errors=1", "tokens", "workspace", "workspaces", "audit", "testing", "contacts", "documents/operations" })
            all.Append((await browser.GetAsync(path)).Html);
        foreach (var link in (await browser.GetAsync("calls")).Document.QuerySelectorAll("#calls a[href^='calls/']").Select(link => link.GetAttribute("href")!))
            all.Append((await browser.GetAsync(link)).Html);
        return all.ToString();
    }

    private static async Task<Dictionary<string, string>> TablesAsync(string database)
    {
        var rows = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var source = NpgsqlDataSource.Create(database);
        var tables = (string[])(await ScalarAsync(source, "SELECT array_agg(relname::text) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"))!;
        foreach (var table in tables.Except(Needed))
            rows[table] = (string)(await ScalarAsync(source, $"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM \"{table}\" t"))!;
        rows.Count.ShouldBeGreaterThan(25);
        return rows;
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
