using Contacts.Core;
using Contacts.Data;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Weni;

/// <summary>A call under a key happens once, wherever a server is stopped, a database fails or a client gives up.</summary>
public sealed class IdempotencyFaultTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan LeaseIsOver = Idempotency.Lease + TimeSpan.FromSeconds(1);

    private readonly ClockedServer _server = new();
    private TestWorkspace _workspace = null!;
    private KeyedClient _client = null!;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _workspace = await _server.NewWorkspaceAsync();
        _client = new KeyedClient(_server, _workspace.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task A_call_that_still_runs_is_told_so_however_long_it_takes()
    {
        var uuid = (await _client.PostAsync(null, "contacts.json", """{"name":"Ana"}""")).Text("uuid");
        await using var door = await HeldDoor.CloseAsync(
            _server, "SELECT id FROM contacts WHERE workspace_id = $1 AND id = $2 FOR UPDATE", _workspace.Id, Guid.Parse(uuid!));
        var running = _client.PostAsync("k", $"contacts.json?uuid={uuid}", """{"name":"Bia"}""");
        await door.UntilWaitingAsync(1);
        await ShouldBeRunningAsync(() => _client.PostAsync("k", $"contacts.json?uuid={uuid}", """{"name":"Bia"}"""));
        _server.Hands.Advance(LeaseIsOver);
        await ShouldBeRunningAsync(() => _client.PostAsync("k", $"contacts.json?uuid={uuid}", """{"name":"Bia"}"""));
        await door.RollBackAsync();
        var first = await running;
        first.ShouldSatisfyAllConditions(() => first.Status.ShouldBe(200), () => first.IsReplay.ShouldBeFalse());
        (await _client.PostAsync("k", $"contacts.json?uuid={uuid}", """{"name":"Bia"}""")).ShouldBe(first with { IsReplay = true });
    }

    [Fact]
    public async Task A_client_that_gave_up_finds_its_call_carried_out()
    {
        var uuid = (await _client.PostAsync(null, "contacts.json", """{"name":"Ana"}""")).Text("uuid");
        await using var door = await HeldDoor.CloseAsync(
            _server, "SELECT id FROM contacts WHERE workspace_id = $1 AND id = $2 FOR UPDATE", _workspace.Id, Guid.Parse(uuid!));
        using var patience = new CancellationTokenSource();
        var given = _client.PostAsync("k", $"contacts.json?uuid={uuid}", """{"name":"Bia"}""", cancellation: patience.Token);
        await door.UntilWaitingAsync(1);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(given);
        await door.RollBackAsync();
        KeyedReply reply;
        do
            reply = await _client.PostAsync("k", $"contacts.json?uuid={uuid}", """{"name":"Bia"}""");
        while (reply.RetryAfter is not null);
        (reply.Status, reply.IsReplay, reply.Text("name")).ShouldBe((200, true, "Bia"));
    }

    [Fact]
    public async Task A_restarted_server_gives_the_answer_again()
    {
        var made = await _client.PostAsync("k", "contacts.json", "{}");
        await using var next = await NextServer.StartAsync(_server, _server.Hands);
        using var client = new KeyedClient(next, _workspace.Token);
        (await client.PostAsync("k", "contacts.json", "{}")).ShouldBe(made with { IsReplay = true });
    }

    [Theory]
    [InlineData("contacts.json", """{"name":"Ana"}""", "contacts.json")]
    [InlineData("contacts.json?urn=ext:1", """{"name":"Ana"}""", "contacts.json")]
    [InlineData("fields.json", """{"label":"Nick Name","value_type":"text"}""", "fields.json")]
    [InlineData("groups.json", """{"name":"Devs"}""", "groups.json")]
    [InlineData("campaigns.json", """{"name":"Summer","group":"Base"}""", "campaigns.json")]
    public async Task Stopped_after_the_change_the_call_is_answered_and_not_repeated(string path, string body, string list)
    {
        (await _client.PostAsync(null, "groups.json", """{"name":"Base"}""")).Status.ShouldBe(201);
        var before = await _client.CountAsync(list);
        await using (await FailingKeepAsync())
        {
            var made = await _client.PostAsync("k", path, body);
            made.Status.ShouldBe(201, made.Body);
            await ShouldBeRunningAsync(() => _client.PostAsync("k", path, body));
        }

        _server.Hands.Advance(LeaseIsOver);
        var again = await _client.PostAsync("k", path, body);
        (again.Status, again.IsReplay).ShouldBe((201, true), again.Body);
        (await _client.PostAsync("k", path, body)).ShouldBe(again);
        (await _client.GetAsync(list)).Body.ShouldContain(again.Body);
        (await _client.CountAsync(list)).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Stopped_after_the_change_the_object_is_answered_as_it_is_by_then()
    {
        var uuid = (await _client.PostAsync(null, "contacts.json?urn=ext:1", "{}")).Text("uuid");
        await using (await FailingKeepAsync())
        {
            (await _client.PostAsync("update", "contacts.json?urn=ext:1", """{"name":"Ana"}""")).Status.ShouldBe(200);
            (await _client.PostAsync(null, "contacts.json?urn=ext:1", """{"name":"Bia"}""")).Status.ShouldBe(200);
            (await _client.PostAsync(null, "contacts.json?urn=ext:2", "{}")).Status.ShouldBe(201);
            (await _client.DeleteAsync("delete", "contacts.json?urn=ext:2")).Status.ShouldBe(204);
        }

        _server.Hands.Advance(LeaseIsOver);
        var updated = await _client.PostAsync("update", "contacts.json?urn=ext:1", """{"name":"Ana"}""");
        (updated.Status, updated.IsReplay, updated.Text("uuid"), updated.Text("name")).ShouldBe((200, true, uuid, "Bia"));
        (await _client.DeleteAsync("delete", "contacts.json?urn=ext:2")).ShouldBe(new KeyedReply(204, "", IsReplay: true, RetryAfter: null));
    }

    [Fact]
    public async Task Stopped_after_a_change_of_many_the_call_is_neither_repeated_nor_answered()
    {
        var uuid = (await _client.PostAsync(null, "contacts.json", "{}")).Text("uuid");
        var other = (await _client.PostAsync(null, "contacts.json", "{}")).Text("uuid");
        var body = $$"""{"contacts":["{{uuid}}","{{other}}"],"action":"block"}""";
        await using (await FailingKeepAsync())
            (await _client.PostAsync("k", "contact_actions.json", body)).Status.ShouldBe(204);
        (await _client.PostAsync(null, "contact_actions.json", body.Replace("block", "unblock", StringComparison.Ordinal))).Status.ShouldBe(204);
        _server.Hands.Advance(LeaseIsOver);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            (await _client.PostAsync("k", "contact_actions.json", body)).ShouldBe(new KeyedReply(
                409, """{"detail":"The request with this Idempotency-Key was processed, but its answer was not kept."}""", IsReplay: false, RetryAfter: null));
        }

        (await _client.GetAsync($"contacts.json?uuid={uuid}")).Body.ShouldContain("\"blocked\":false");
    }

    [Fact]
    public async Task A_failure_of_the_server_leaves_the_key_free()
    {
        await _server.ExecuteAsync($"ALTER TABLE contacts ADD CONSTRAINT none_for_now CHECK (name <> 'Ana')");
        (await _client.PostAsync("k", "contacts.json", """{"name":"Ana"}""")).Status.ShouldBe(500);
        (await _client.PostAsync("k", "contacts.json", """{"name":"Bia"}""")).Status.ShouldBe(201);
        await _server.ExecuteAsync($"ALTER TABLE contacts DROP CONSTRAINT none_for_now");
    }

    [Fact]
    public async Task Of_a_call_that_was_taken_over_the_late_one_changes_nothing()
    {
        var key = BitConverter.ToInt64(_workspace.Id.ToByteArray(), 8);
        await using var door = await HeldDoor.CloseAsync(_server, "SELECT pg_advisory_xact_lock($1)", key);
        var late = _client.PostAsync("k", "groups.json", """{"name":"Devs"}""");
        await door.UntilWaitingAsync(1);
        _server.Hands.Advance(LeaseIsOver);
        var second = _client.PostAsync("k", "groups.json", """{"name":"Devs"}""");
        await door.UntilWaitingAsync(2);
        await door.RollBackAsync();
        await ShouldBeRunningAsync(() => late);
        var made = await second;
        (made.Status, made.IsReplay).ShouldBe((201, false), made.Body);
        (await _client.CountAsync("groups.json")).ShouldBe(1);
    }

    [Fact]
    public async Task A_change_under_a_claim_that_is_gone_is_not_written_and_those_beside_it_are()
    {
        var workspace = (await _server.Services.GetRequiredService<WorkspaceService>().ListAsync(CancellationToken.None)).Single(row => row.Id == _workspace.Id);
        var upsert = _server.Services.GetRequiredService<ContactWriter>();
        var gone = new ContactChange { Claim = new Claim(Guid.CreateVersion7()) };
        await Should.ThrowAsync<SupersededException>(() => upsert.ApplyAsync(workspace, gone, CancellationToken.None));
        await Should.ThrowAsync<SupersededException>(() => upsert.ApplyAsync(workspace, [new ContactChange(), gone], CancellationToken.None));
        (await _client.CountAsync("contacts.json")).ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_notes_each_claim_on_its_own()
    {
        await using var db = _server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(_workspace.Id);
        var workspace = await db.Workspaces.SingleAsync(row => row.Id == _workspace.Id);
        var token = await db.ApiTokens.SingleAsync(row => row.WorkspaceId == _workspace.Id);
        var calls = _server.Services.GetRequiredService<Idempotency>();
        var claims = new List<Claim>();
        foreach (var key in new[] { "one", "two", "refused" })
        {
            var claiming = await calls.ClaimAsync(new Caller(workspace, token), key, [1], CancellationToken.None);
            claims.Add(claiming.ShouldBeOfType<Claiming.Granted>().Claim);
        }

        var outcomes = await _server.Services.GetRequiredService<ContactWriter>().ApplyAsync(
            workspace,
            [
                new ContactChange { Claim = claims[0] },
                new ContactChange { Claim = claims[1] },
                new ContactChange { Claim = claims[1] },
                new ContactChange { Claim = claims[2], Id = Guid.CreateVersion7() },
                new ContactChange(),
            ],
            CancellationToken.None);
        outcomes.Count(outcome => outcome.Effect == ContactEffect.Created).ShouldBe(4);
        var rows = await db.IdempotentCalls.AsNoTracking().OrderBy(call => call.Key).Select(call => new { call.Key, call.Effect, call.Subject }).ToListAsync();
        rows.Select(row => (row.Key, row.Effect, row.Subject)).ShouldBe(
        [
            ("one", CallEffect.Created, outcomes[0].Contact!.Id.ToString()),
            ("refused", null, null),
            ("two", CallEffect.Several, null),
        ]);
    }

    private static async Task ShouldBeRunningAsync(Func<Task<KeyedReply>> call) => (await call()).ShouldBe(new KeyedReply(
        409, """{"detail":"The request with this Idempotency-Key is still being processed."}""", IsReplay: false, RetryAfter: "1"));

    /// <summary>Keeping an answer fails until this is disposed of: as if the server were stopped between the change and the answer.</summary>
    private async Task<IAsyncDisposable> FailingKeepAsync()
    {
        await _server.ExecuteAsync($"ALTER TABLE idempotent_calls ADD CONSTRAINT stopped CHECK (status IS NULL) NOT VALID");
        return new Mend(_server);
    }

    private sealed class Mend(TestServer server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await server.ExecuteAsync($"ALTER TABLE idempotent_calls DROP CONSTRAINT stopped");
    }
}
