using Contacts.Core;
using Contacts.Tests.Support;
using Npgsql;

namespace Contacts.Tests.Core.Races;

/// <summary>
/// A row that the database refuses, whatever for, in one batch with others: it fails alone. The table raises the error that a contact's name asks for.
/// </summary>
public sealed class PoisonRaces : IAsyncLifetime, IAsyncDisposable
{
    private const int Neighbours = 20;

    private readonly TestServer _server = new();

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        await _server.ExecuteAsync($"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN RAISE EXCEPTION ''poison'' USING ERRCODE = substr(NEW.name, 8); END'
            """);
        await _server.ExecuteAsync($"CREATE TRIGGER poison BEFORE INSERT OR UPDATE ON contacts FOR EACH ROW WHEN (NEW.name LIKE 'poison %') EXECUTE FUNCTION refuse()");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task Any_error_of_data_fails_its_change_alone()
    {
        using var book = await Engine.OfNewWorkspaceAsync(_server);
        foreach (var code in new[] { "22000", "22001", "22003", "22007", "22008", "22012", "22021", "22P02", "22P05", "23000", "23502", "23503", "23514", "23P01", "54000", "XX000" })
        {
            await using var lane = await book.HoldLaneAsync();
            var before = ShareAsync(book, code, 0);
            var poison = book.ApplyAsync(Engine.ByUrn($"ext:{code}", $"poison {code}"));
            var after = ShareAsync(book, code, Neighbours / 2);
            await lane.OpenAsync();
            (await Should.ThrowAsync<PostgresException>(poison)).SqlState.ShouldBe(code);
            foreach (var (number, outcome) in (await before).Concat(await after).Index())
                (outcome.Effect, outcome.Contact!.Name).ShouldBe((ContactEffect.Created, $"Name {number}"), code);
            (await book.NameOfAsync($"ext:{code}")).ShouldBeNull(code);
            (await book.NameOfAsync($"ext:{code}-{Neighbours - 1}")).ShouldBe($"Name {Neighbours - 1}");
        }

        await _server.ShouldBeConsistentAsync();
    }

    /// <summary>Not a choice of them: all that PostgreSQL has a name for, side by side in one batch.</summary>
    [Fact]
    public async Task Every_error_of_data_and_of_constraints_fails_its_change_alone()
    {
        string[] codes = [.. typeof(PostgresErrorCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!)
            .Where(code => code.StartsWith("22", StringComparison.Ordinal) || code.StartsWith("23", StringComparison.Ordinal))];
        codes.Length.ShouldBeInRange(50, 60, "they and their neighbours are one batch");
        using var book = await Engine.OfNewWorkspaceAsync(_server);
        await using var lane = await book.HoldLaneAsync();
        var racing = codes.Select(code => (Code: code, Poison: book.ApplyAsync(Engine.ByUrn($"ext:{code}", $"poison {code}")), Beside: book.ApplyAsync(Engine.ByUrn($"ext:beside-{code}", code)))).ToList();
        await lane.OpenAsync();
        foreach (var (code, poison, beside) in racing)
        {
            if (code == PostgresErrorCodes.UniqueViolation)
                await Should.ThrowAsync<BookBusyException>(poison);
            else
                (await Should.ThrowAsync<PostgresException>(poison)).SqlState.ShouldBe(code);
            (await beside).Effect.ShouldBe(ContactEffect.Created, code);
            (await book.NameOfAsync($"ext:beside-{code}")).ShouldBe(code);
            (await book.NameOfAsync($"ext:{code}")).ShouldBeNull(code);
        }

        await _server.ShouldBeConsistentAsync();
    }

    [Theory]
    [InlineData("23505")]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task A_change_that_collides_for_ever_is_told_to_come_again_alone(string code)
    {
        using var book = await Engine.OfNewWorkspaceAsync(_server);
        await using var lane = await book.HoldLaneAsync();
        var before = ShareAsync(book, code, 0);
        var poison = book.ApplyAsync(Engine.ByUrn($"ext:{code}", $"poison {code}"));
        await lane.OpenAsync();
        await Should.ThrowAsync<BookBusyException>(poison);
        (await before).ShouldAllBe(outcome => outcome.Effect == ContactEffect.Created);
    }

    [Fact]
    public async Task Over_http_it_is_a_500_among_200s()
    {
        using var book = await Engine.OfNewWorkspaceAsync(_server);
        await using var lane = await book.HoldLaneAsync();
        var racing = Racing.RunAsync(Neighbours, number => book.Client.PostAsync($"contacts.json?urn=ext:{number}", new { name = number == 7 ? "poison 22003" : "Ana" }));
        await lane.OpenAsync();
        foreach (var (number, reply) in (await racing).Index())
            reply.Status.ShouldBe(number == 7 ? 500 : 201, reply.Body);
        var contacts = Enumerable.Range(0, Neighbours).Select(number => new { urn = $"ext:{number}", name = number == 9 ? "poison 23514" : "Bia" });
        var bulk = await book.Client.PostAsync("contacts_bulk.json", new { contacts });
        foreach (var (number, result) in bulk.Results.Index())
            ((int)result!["status"]!).ShouldBe(number switch { 7 => 201, 9 => 500, _ => 200 });
        (await book.NameOfAsync("ext:9")).ShouldBe("Ana");
    }

    [Fact]
    public async Task An_action_that_fails_is_not_answered_as_done()
    {
        using var book = await Engine.OfNewWorkspaceAsync(_server);
        var made = await book.ApplyListAsync(Engine.ByUrn("ext:1", "Ana"), Engine.ByUrn("ext:2", "Bia"));
        await _server.ExecuteAsync($"ALTER TABLE contacts ADD CONSTRAINT stays_active CHECK (name <> 'Bia' OR status = 0)");
        var contacts = made.Select(outcome => outcome.Contact!.Id.ToString());
        (await book.Client.PostAsync("contact_actions.json", new { contacts, action = "block" })).Status.ShouldBe(500);
        (await book.Client.GetAsync("contacts.json?urn=ext:1")).Body.ShouldContain("\"blocked\":true");
    }

    private static Task<ContactOutcome[]> ShareAsync(Engine book, string code, int from) => Task.WhenAll(
        Enumerable.Range(from, Neighbours / 2).Select(number => book.ApplyAsync(Engine.ByUrn($"ext:{code}-{number}", $"Name {number}"))));
}
