using Contacts.Tests.Support;

namespace Contacts.Tests.Core;

/// <summary>How many statements PostgreSQL runs for a call, and how often the server waits for it: a careless change shows here.</summary>
public sealed class StatementCountTests(StatementCountTests.WiredServer server) : IClassFixture<StatementCountTests.WiredServer>
{
    [Fact]
    public async Task An_upsert_of_an_existing_contact()
    {
        using var client = await OpenAsync();
        await client.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        await ShouldTakeAsync(statements: 5, roundTrips: 2, number => client.PostAsync("contacts.json?urn=ext:1", new { name = $"Name {number}" }), 200);
    }

    [Fact]
    public async Task An_upsert_that_changes_nothing_writes_nothing()
    {
        using var client = await OpenAsync();
        await client.MakeAsync("contacts.json", new { name = "Ana", urns = new[] { "ext:1" } });
        await ShouldTakeAsync(statements: 4, roundTrips: 2, _ => client.PostAsync("contacts.json?urn=ext:1", new { name = "Ana" }), 200);
    }

    [Fact]
    public async Task An_upsert_of_a_new_contact()
    {
        using var client = await OpenAsync();
        await ShouldTakeAsync(statements: 6, roundTrips: 2, number => client.PostAsync($"contacts.json?urn=ext:{number}", new { name = "Ana" }), 201);
    }

    [Fact]
    public async Task A_new_contact_with_everything()
    {
        using var client = await OpenAsync();
        await client.MakeAsync("fields.json", new { label = "Age", value_type = "numeric" });
        await client.MakeAsync("groups.json", new { name = "Devs" });
        await client.MakeAsync("groups.json", new { name = "Reporters" });
        await ShouldTakeAsync(
            statements: 10,
            roundTrips: 2,
            number => client.PostAsync(
                "contacts.json",
                new { name = "Ana", language = "por", urns = new[] { $"ext:{number}", $"mailto:{number}@example.com" }, groups = new[] { "Devs", "Reporters" }, fields = new { age = "39" } }),
            201);
    }

    [Fact]
    public async Task An_update_of_everything_by_uuid()
    {
        using var client = await OpenAsync();
        await client.MakeAsync("fields.json", new { label = "Age", value_type = "numeric" });
        await client.MakeAsync("groups.json", new { name = "Devs" });
        await client.MakeAsync("groups.json", new { name = "Reporters" });
        var uuid = await client.MakeAsync("contacts.json", new { urns = new[] { "ext:start" } });
        await ShouldTakeAsync(
            statements: 12,
            roundTrips: 2,
            number => client.PostAsync(
                $"contacts.json?uuid={uuid}",
                new { name = $"Ana {number}", urns = new[] { $"ext:{number}" }, groups = new[] { number % 2 == 0 ? "Devs" : "Reporters" }, fields = new { age = number } }),
            200);
    }

    [Fact]
    public async Task A_change_that_the_book_refuses()
    {
        using var client = await OpenAsync();
        await client.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        await ShouldTakeAsync(statements: 4, roundTrips: 2, _ => client.PostAsync("contacts.json", new { urns = new[] { "ext:1" } }), 400);
    }

    [Fact]
    public async Task A_body_that_is_refused_asks_the_database_nothing()
    {
        using var client = await OpenAsync();
        await ShouldTakeAsync(statements: 0, roundTrips: 0, _ => client.PostAsync("contacts.json", new { language = "xx" }), 400);
    }

    [Fact]
    public async Task A_deletion()
    {
        using var client = await OpenAsync();
        await client.MakeAsync("groups.json", new { name = "Devs" });
        for (var number = 0; number < 4; number++)
            await client.MakeAsync("contacts.json", new { urns = new[] { $"ext:{number}" }, groups = new[] { "Devs" } });
        await ShouldTakeAsync(statements: 8, roundTrips: 2, number => client.DeleteAsync($"contacts.json?urn=ext:{number}"), 204);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(250)]
    public async Task A_page_of_contacts(int contacts)
    {
        using var client = await OpenAsync();
        await client.MakeAsync("fields.json", new { label = "Age", value_type = "numeric" });
        await client.MakeAsync("groups.json", new { name = "Devs" });
        for (var number = 0; number < contacts; number++)
            await client.MakeAsync("contacts.json", new { urns = new[] { $"ext:{number}", $"tel:+2507881{number:000000}" }, groups = new[] { "Devs" }, fields = new { age = number } });
        await ShouldTakeAsync(statements: 1, roundTrips: 1, _ => client.GetAsync("contacts.json"), 200);
        await ShouldTakeAsync(statements: 1, roundTrips: 1, _ => client.GetAsync("contacts.json?group=devs&name=&order_by=created_on"), 200);
        await ShouldTakeAsync(statements: 1, roundTrips: 1, _ => client.GetAsync("contacts.json?urn=ext:0"), 200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task A_page_of_groups_fields_and_campaigns(int objects)
    {
        using var client = await OpenAsync();
        for (var number = 0; number < objects; number++)
        {
            var group = await client.MakeAsync("groups.json", new { name = $"Group {number}" });
            await client.MakeAsync("fields.json", new { label = $"Label {number}", value_type = "text" });
            await client.MakeAsync("campaigns.json", new { name = $"Campaign {number}", group });
        }

        await ShouldTakeAsync(statements: 2, roundTrips: 2, _ => client.GetAsync("groups.json"), 200);
        await ShouldTakeAsync(statements: 1, roundTrips: 1, _ => client.GetAsync("fields.json"), 200);
        await ShouldTakeAsync(statements: 2, roundTrips: 2, _ => client.GetAsync("campaigns.json"), 200);
    }

    private Task<WeniClient> OpenAsync() => WeniClient.OfNewWorkspaceAsync(server);

    /// <summary>The third call is measured: the first two fill the caches, and let Npgsql prepare.</summary>
    private async Task ShouldTakeAsync(int statements, int roundTrips, Func<int, Task<WeniReply>> call, int status)
    {
        for (var number = 0; number < 2; number++)
            (await call(number)).Status.ShouldBe(status);
        WeniReply? reply = null;
        var seen = await server.Wire.DuringAsync(async () => reply = await call(2));
        reply!.Status.ShouldBe(status, reply.Body);
        (seen.Statements.Length, seen.RoundTrips).ShouldBe((statements, roundTrips), string.Join("\n\n", seen.Statements));
    }

    /// <summary>A server whose caches never grow old, with its wire to PostgreSQL watched.</summary>
    public sealed class WiredServer : TestServer
    {
        private PostgresWire? _wire;

        public PostgresWire Wire => _wire ??= PostgresWire.Listen(Database);

        protected override TimeProvider Clock { get; } = new ManualClock();

        protected override bool WorksInBackground => false;

        protected override IReadOnlyDictionary<string, string> Settings =>
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings:Contacts"] = Wire.ConnectionString };
    }
}
