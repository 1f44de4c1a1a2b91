using Contacts.Data;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Contacts.Tests.Weni;

/// <summary>What a client sees of <c>Idempotency-Key</c>. What happens when servers are stopped is told in <see cref="IdempotencyFaultTests"/>.</summary>
public sealed class IdempotencyTests(ClockedServer server) : IClassFixture<ClockedServer>
{
    private const string OtherRequest = """{"detail":"This Idempotency-Key was used for another request."}""";
    private const string BadKey = """{"detail":"Idempotency-Key must be 1 to 255 visible ASCII characters."}""";

    [Fact]
    public async Task The_same_call_gets_the_first_answer_again_and_is_not_carried_out()
    {
        using var client = await ClientAsync();
        var made = await client.PostAsync("k1", "contacts.json", """{"name":"Ana"}""");
        made.ShouldSatisfyAllConditions(() => made.Status.ShouldBe(201), () => made.IsReplay.ShouldBeFalse());
        var uuid = made.Text("uuid");
        (await client.PostAsync("k2", $"contacts.json?uuid={uuid}", """{"name":"Bia"}""")).Status.ShouldBe(200);
        (await client.PostAsync("k1", "contacts.json", """{"name":"Ana"}""")).ShouldBe(made with { IsReplay = true });
        (await client.GetAsync($"contacts.json?uuid={uuid}", "k1")).Body.ShouldContain("Bia");
        (await client.CountAsync("contacts.json")).ShouldBe(1);

        var deleted = await client.DeleteAsync("k3", $"contacts.json?uuid={uuid}");
        deleted.ShouldBe(new KeyedReply(204, "", IsReplay: false, RetryAfter: null));
        (await client.DeleteAsync("k3", $"contacts.json?uuid={uuid}")).ShouldBe(deleted with { IsReplay = true });
        (await client.DeleteAsync("k4", $"contacts.json?uuid={uuid}")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("fields.json", """{"label":"Nick Name","value_type":"text"}""")]
    [InlineData("groups.json", """{"name":"Devs"}""")]
    public async Task What_can_be_made_once_is_not_refused_the_second_time(string path, string body)
    {
        using var client = await ClientAsync();
        var made = await client.PostAsync("k", path, body);
        made.Status.ShouldBe(201, made.Body);
        (await client.PostAsync("k", path, body)).ShouldBe(made with { IsReplay = true });
        (await client.PostAsync("other", path, body)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Another_body_URL_or_method_under_the_key_is_a_conflict()
    {
        using var client = await ClientAsync();
        (await client.PostAsync("k", "contacts.json?urn=ext:1", """{"name":"Ana"}""")).Status.ShouldBe(201);
        KeyedReply[] others =
        [
            await client.PostAsync("k", "contacts.json?urn=ext:1", """{"name":"Ana" }"""),
            await client.PostAsync("k", "contacts.json?urn=ext:2", """{"name":"Ana"}"""),
            await client.PostAsync("k", "groups.json", """{"name":"Ana"}"""),
            await client.DeleteAsync("k", "contacts.json?urn=ext:1"),
        ];
        others.ShouldAllBe(reply => reply.Status == 409 && reply.Body == OtherRequest && reply.RetryAfter == null);
        (await client.CountAsync("contacts.json")).ShouldBe(1);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_too()
    {
        using var client = await ClientAsync();
        (await client.PostAsync(null, "contacts.json?urn=ext:1", "{}")).Status.ShouldBe(201);
        var refused = await client.PostAsync("k", "contacts.json", """{"urns":["ext:1"]}""");
        refused.Status.ShouldBe(400);
        (await client.DeleteAsync(null, "contacts.json?urn=ext:1")).Status.ShouldBe(204);
        (await client.PostAsync("k", "contacts.json", """{"urns":["ext:1"]}""")).ShouldBe(refused with { IsReplay = true });
        (await client.PostAsync("bad", "contacts.json", "{")).Status.ShouldBe(400);
        (await client.PostAsync("bad", "contacts.json", "{")).IsReplay.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890" +
        "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        using var client = await ClientAsync();
        var reply = await client.PostAsync(key, "contacts.json", "{}");
        (reply.Status, reply.Body).ShouldBe((400, BadKey));
        (await client.CountAsync("contacts.json")).ShouldBe(0);
    }

    [Fact]
    public async Task Keys_of_other_workspaces_and_tokens_are_other_keys()
    {
        var workspace = await server.NewWorkspaceAsync();
        var secondKey = ApiToken.NewKey();
        await server.Services.GetRequiredService<TokenService>()
            .AddAsync(workspace.Id, secondKey, Role.Administrator, "second", CancellationToken.None);
        using var first = new KeyedClient(server, workspace.Token);
        using var second = new KeyedClient(server, secondKey);
        using var other = await ClientAsync();
        var replies = new List<KeyedReply>();
        foreach (var client in new[] { first, second, other })
            replies.Add(await client.PostAsync("k", "contacts.json", "{}"));
        replies.ShouldAllBe(reply => reply.Status == 201 && !reply.IsReplay);
        replies.Select(reply => reply.Text("uuid")).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Racing_calls_on_two_servers_make_one_contact()
    {
        await using var second = await NextServer.StartAsync(server, server.Hands);
        var workspace = await server.NewWorkspaceAsync();
        using var here = new KeyedClient(server, workspace.Token);
        using var there = new KeyedClient(second, workspace.Token);
        for (var round = 0; round < 5; round++)
        {
            var key = $"round-{round}";
            var replies = await Racing.RunAsync(64, number => (number % 2 == 0 ? here : there).PostAsync(key, "contacts.json", """{"name":"Ana"}"""));
            replies.ShouldAllBe(reply => reply.Status == 201 || (reply.Status == 409 && reply.RetryAfter == "1"));
            replies.Count(reply => reply.Status == 201 && !reply.IsReplay).ShouldBe(1);
            replies.Where(reply => reply.Status == 201).Select(reply => reply.Body).Distinct().Count().ShouldBe(1);
            (await here.CountAsync("contacts.json")).ShouldBe(round + 1);
        }
    }

    [Fact]
    public async Task After_a_day_the_key_is_free_and_its_row_goes()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var client = new KeyedClient(server, workspace.Token);
        (await client.PostAsync("k", "contacts.json", "{}")).Status.ShouldBe(201);
        server.Hands.Advance(Idempotency.Lifetime - TimeSpan.FromSeconds(1));
        (await client.PostAsync("k", "contacts.json", "{}")).IsReplay.ShouldBeTrue();
        server.Hands.Advance(TimeSpan.FromSeconds(1));
        var again = await client.PostAsync("k", "contacts.json", """{"name":"other"}""");
        again.ShouldSatisfyAllConditions(() => again.Status.ShouldBe(201), () => again.IsReplay.ShouldBeFalse());

        await using var db = server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(workspace.Id);
        (await db.IdempotentCalls.CountAsync()).ShouldBe(1);
        server.Hands.Advance(Idempotency.Lifetime);
        await server.Services.GetRequiredService<CallCleaner>().CleanAsync(CancellationToken.None);
        (await db.IdempotentCalls.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Forms_and_streams_can_have_a_key()
    {
        using var client = await ClientAsync();
        var made = await client.PostAsync("form", "contacts.json", "name=Ana&urns=ext%3A1", "application/x-www-form-urlencoded");
        (made.Status, made.Text("name")).ShouldBe((201, "Ana"), made.Body);
        (await client.PostAsync("form", "contacts.json", "name=Ana&urns=ext%3A1", "application/x-www-form-urlencoded"))
            .ShouldBe(made with { IsReplay = true });
        var lines = await client.PostAsync("lines", "contacts_bulk.json", "{}\n{}\n", "application/x-ndjson");
        lines.Body.Split('\n').Length.ShouldBe(3, lines.Body);
        (await client.PostAsync("lines", "contacts_bulk.json", "{}\n{}\n", "application/x-ndjson")).ShouldBe(lines with { IsReplay = true });
        (await client.CountAsync("contacts.json")).ShouldBe(3);
    }

    [Fact]
    public async Task A_body_too_large_is_refused_and_the_key_stays_free()
    {
        using var client = await ClientAsync();
        var limit = server.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestBodySize!.Value;
        var padding = new string(' ', (int)limit);
        var reply = await client.PostAsync("k", "contacts_bulk.json", "{}\n" + padding, "application/x-ndjson");
        (reply.Status, reply.Body).ShouldBe((413, """{"detail":"Request body is larger than a request with an Idempotency-Key may have."}"""));
        (await client.PostAsync("k", "contacts.json", "{}" + padding[..^2])).Status.ShouldBe(201);
    }

    [Fact]
    public async Task An_answer_too_large_to_keep_is_not_given_again_nor_the_call_repeated()
    {
        var workspace = await server.NewWorkspaceAsync();
        using var client = new KeyedClient(server, workspace.Token);
        await server.ExecuteAsync(
            $"""
             INSERT INTO fields (workspace_id, id, key, label, label_key, value_type, created_on)
             SELECT {workspace.Id}, gen_random_uuid(), 'a_field_with_a_rather_long_name_' || n, 'A ' || n, 'a ' || n, 'Text', now()
             FROM generate_series(1, 100) n
             """);
        var body = $$"""{"contacts":[{{string.Join(',', Enumerable.Repeat("{}", 300))}}]}""";
        var first = await client.PostAsync("k", "contacts_bulk.json", body);
        first.Status.ShouldBe(200, first.Body);
        first.Body.Length.ShouldBeGreaterThan(1 << 20);
        (await client.PostAsync("k", "contacts_bulk.json", body)).ShouldBe(new KeyedReply(
            409, """{"detail":"The request with this Idempotency-Key was processed, but its answer was not kept."}""", IsReplay: false, RetryAfter: null));
        await using var db = server.Services.GetRequiredService<IDbContextFactory<ContactsDb>>().Open(workspace.Id);
        (await db.Contacts.CountAsync()).ShouldBe(300);
    }

    private async Task<KeyedClient> ClientAsync() => new(server, (await server.NewWorkspaceAsync()).Token);
}
