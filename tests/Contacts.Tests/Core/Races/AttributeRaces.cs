using Contacts.Tests.Support;

namespace Contacts.Tests.Core.Races;

/// <summary>Calls that change different attributes of one contact: each takes the last writer, and none is lost.</summary>
public sealed class AttributeRaces(LoneCallsServer server) : IClassFixture<LoneCallsServer>
{
    [Fact]
    public async Task Calls_that_wait_for_each_other_lose_no_attribute()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var (nick, age, group) = await MakeCatalogAsync(client);
        for (var round = 0; round < 10; round++)
        {
            var uuid = await client.MakeAsync("contacts.json", new { urns = new[] { $"ext:{round}" } });
            await using var door = await HeldDoor.CloseAsync(server, "SELECT FROM contacts WHERE id = $1 FOR UPDATE", Guid.Parse(uuid));
            var racing = Racing.RunAsync(
                () => client.PostAsync($"contacts.json?urn=ext:{round}", new { name = "Ana" }),
                () => client.PostAsync($"contacts.json?uuid={uuid}", new { language = "por" }),
                () => client.PostAsync($"contacts.json?urn=ext:{round}", new { fields = new Dictionary<string, string> { [nick] = "Nina" } }),
                () => client.PostAsync($"contacts.json?uuid={uuid}", new { fields = new Dictionary<string, string> { [age] = "39" } }),
                () => client.PostAsync($"contacts.json?uuid={uuid}", new { groups = new[] { group } }),
                () => client.PostAsync($"contacts.json?uuid={uuid}", new { urns = new[] { $"ext:{round}", $"ext:more-{round}" } }));
            await door.UntilWaitingAsync(6);
            await door.RollBackAsync();
            (await racing).ShouldAllBe(reply => reply.Status == 200);

            var contact = (await client.GetAsync($"contacts.json?uuid={uuid}")).Results.ShouldHaveSingleItem()!;
            contact["name"]!.ToString().ShouldBe("Ana");
            contact["language"]!.ToString().ShouldBe("por");
            contact["fields"]!.ToJsonString().ShouldBe("""{"nick_name":"Nina","age":"39"}""");
            contact["groups"]![0]!["uuid"]!.ToString().ShouldBe(group);
            contact["urns"]!.ToJsonString().ShouldBe($"""["ext:{round}","ext:more-{round}"]""");
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Two_clients_with_an_attribute_each_find_their_own_in_the_end()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var (nick, _, _) = await MakeCatalogAsync(client);
        var uuid = await client.MakeAsync("contacts.json", new { urns = new[] { "ext:1" } });
        await Task.WhenAll(
            SendAllAsync(number => client.PostAsync("contacts.json?urn=ext:1", new { name = $"Ana {number}" })),
            SendAllAsync(number => client.PostAsync(
                $"contacts.json?uuid={uuid}", new { fields = new Dictionary<string, string> { [nick] = $"Nina {number}" } })));
        var contact = (await client.GetAsync("contacts.json?urn=ext:1")).Results.ShouldHaveSingleItem()!;
        contact["name"]!.ToString().ShouldBe("Ana 99");
        contact["fields"]![nick]!.ToString().ShouldBe("Nina 99");
    }

    private static async Task SendAllAsync(Func<int, Task<WeniReply>> send)
    {
        for (var number = 0; number < 100; number++)
            (await send(number)).Status.ShouldBe(200);
    }

    private static async Task<(string Nick, string Age, string Group)> MakeCatalogAsync(WeniClient client) => (
        await client.MakeAsync("fields.json", new { label = "Nick Name", value_type = "text" }),
        await client.MakeAsync("fields.json", new { label = "Age", value_type = "numeric" }),
        await client.MakeAsync("groups.json", new { name = "Reporters" }));
}
