using System.Text.RegularExpressions;
using Contacts.Tests.Support;
using Xunit.Abstractions;

namespace Contacts.Tests.Weni;

/// <summary>
/// Workspaces know nothing of each other. Every endpoint and verb is called with the ids, URNs, names and keys of another workspace's objects, and
/// then with those of nobody's: the answers are the same, byte for byte, and nothing of the other workspace has changed.
/// </summary>
public sealed partial class IsolationTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Owned Nobodys = new(
        "01a1f8ce-0000-7000-8000-000000000001", "01a1f8ce-0000-7000-8000-000000000002", "01a1f8ce-0000-7000-8000-000000000003",
        "01a1f8ce-0000-7000-8000-000000000004", "Nobody");

    public static TheoryData<IsolationCase> Cases() =>
    [
        new("GET", "contacts.json?uuid={contact}"), new("GET", "contacts.json?urn=ext:{word}"), new("GET", "contacts.json?name={word}"),
        new("GET", "contacts.json?search={word}"), new("GET", "contacts.json?search=ext:{word}"), new("GET", "contacts.json?group={group}"),
        new("GET", "contacts.json?group={word}"), new("GET", "contacts.json?deleted=true&uuid={deleted}"), new("GET", "contacts.json?deleted=true"),
        new("GET", "contacts.json"), new("HEAD", "contacts.json?uuid={contact}"),
        new("POST", "contacts.json?uuid={contact}", """{"name":"Changed"}"""), new("POST", "contacts.json?uuid={deleted}", """{"name":"Changed"}"""),
        new("POST", "contacts.json?uuid={contact}", """{"urns":["ext:{word}"]}"""), new("POST", "contacts.json?uuid={contact}", "{"),
        new("POST", "contacts.json?uuid={contact}", """{"language":"x","groups":["{group}"],"urns":["ext:{word}"]}"""),
        new("POST", "contacts.json?urn=ext:{word}", """{"name":"Mine"}"""), new("POST", "contacts.json?name={word}", """{"name":"Changed"}"""),
        new("POST", "contacts.json", """{"urns":["ext:{word}"]}"""), new("POST", "contacts.json", """{"language":"x","urns":["ext:{word}"]}"""),
        new("POST", "contacts.json", """{"groups":["{group}"]}"""), new("POST", "contacts.json", """{"groups":["{word}"]}"""),
        new("POST", "contacts.json", """{"groups":[{"uuid":"{group}","name":"{word}"}]}"""), new("POST", "contacts.json", """{"fields":{"{key}":"x"}}"""),
        new("DELETE", "contacts.json?uuid={contact}"), new("DELETE", "contacts.json?uuid={deleted}"), new("DELETE", "contacts.json?urn=ext:{word}"),
        new("DELETE", "contacts.json?name={word}"),
        new("GET", "fields.json?key={key}"), new("GET", "fields.json"), new("HEAD", "fields.json?key={key}"),
        new("POST", "fields.json?key={key}", """{"label":"Changed","value_type":"numeric"}"""),
        new("POST", "fields.json", """{"label":"{word}","value_type":"text"}"""), new("POST", "fields.json?key={key}", "{"),
        new("GET", "groups.json?uuid={group}"), new("GET", "groups.json?name={word}"), new("GET", "groups.json"), new("HEAD", "groups.json?uuid={group}"),
        new("POST", "groups.json?uuid={group}", """{"name":"Changed"}"""), new("POST", "groups.json?uuid={group}", "{"),
        new("POST", "groups.json", """{"name":"{word}"}"""), new("DELETE", "groups.json?uuid={group}"),
        new("GET", "campaigns.json?uuid={campaign}"), new("GET", "campaigns.json"), new("HEAD", "campaigns.json?uuid={campaign}"),
        new("POST", "campaigns.json?uuid={campaign}", """{"name":"Changed","group":"Mine"}"""),
        new("POST", "campaigns.json", """{"name":"New","group":"{group}"}"""), new("POST", "campaigns.json", """{"name":"New","group":"{word}"}"""),
        new("POST", "campaigns.json", """{"name":"{word}","group":"Mine"}"""), new("POST", "campaigns.json?uuid={campaign}", "{"),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Anothers_object_is_answered_like_one_that_nobody_has(IsolationCase call)
    {
        using var other = await WeniClient.OfNewWorkspaceAsync(server);
        var others = await FillAsync(other, "Secret");
        var before = await EverythingAsync(other);

        var answers = new List<string>();
        foreach (var named in new[] { others, Nobodys })
        {
            using var own = await WeniClient.OfNewWorkspaceAsync(server);
            await own.MakeAsync("groups.json", new { name = "Mine" });
            await own.MakeAsync("contacts.json", new { name = "Mine", groups = new[] { "Mine" } });
            var reply = await own.SendAsync(new HttpMethod(call.Method), named.Fill(call.Path), call.Body is null ? null : named.Fill(call.Body));
            answers.Add($"{reply.Status} {named.Hide(reply.Body)}");
        }

        answers[0].ShouldBe(answers[1]);
        (await EverythingAsync(other)).ShouldBe(before);
    }

    [Fact]
    public async Task The_same_names_keys_labels_and_urns_live_in_both()
    {
        using var one = await WeniClient.OfNewWorkspaceAsync(server);
        using var two = await WeniClient.OfNewWorkspaceAsync(server);
        var first = await FillAsync(one, "Same");
        var second = await FillAsync(two, "Same");
        new[] { first.Contact, first.Group, first.Campaign }.ShouldNotBe([second.Contact, second.Group, second.Campaign]);
        (await one.PostAsync("contacts.json?urn=ext:Same", new { name = "One" })).Text("uuid").ShouldBe(first.Contact);
        (await one.DeleteAsync("contacts.json?urn=ext:Same")).Status.ShouldBe(204);
        var contact = (await two.GetAsync("contacts.json?urn=ext:Same")).Results.ShouldHaveSingleItem()!;
        contact["name"]!.ToString().ShouldBe("Same");
        (await one.GetAsync("groups.json?name=same")).Results[0]!["count"]!.GetValue<int>().ShouldBe(0);
        (await two.GetAsync("groups.json?name=same")).Results[0]!["count"]!.GetValue<int>().ShouldBe(1);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Limits_are_counted_apart()
    {
        using var full = new WeniClient(server, await server.NewWorkspaceAsync(workspace => (workspace.FieldLimit, workspace.GroupLimit) = (2, 2)));
        using var empty = new WeniClient(server, await server.NewWorkspaceAsync(workspace => (workspace.FieldLimit, workspace.GroupLimit) = (1, 1)));
        foreach (var name in new[] { "One", "Two" })
        {
            await full.MakeAsync("groups.json", new { name });
            await full.MakeAsync("fields.json", new { label = name, value_type = "text" });
        }

        (await full.PostAsync("groups.json", new { name = "Three" })).Body.ShouldContain("This org has 2 groups and the limit is 2.");
        (await full.PostAsync("fields.json", new { label = "Three", value_type = "text" })).Body.ShouldContain("This org has 2 contact fields and the limit is 2.");
        await empty.MakeAsync("groups.json", new { name = "One" });
        await empty.MakeAsync("fields.json", new { label = "One", value_type = "text" });
    }

    [Theory]
    [InlineData("contacts")]
    [InlineData("fields")]
    [InlineData("groups")]
    [InlineData("campaigns")]
    public async Task Anothers_cursor_is_a_place_in_ones_own_list(string endpoint)
    {
        using var other = await WeniClient.OfNewWorkspaceAsync(server);
        await FillAsync(other, "Secret");
        await FillAsync(other, "Hidden");
        using var own = await WeniClient.OfNewWorkspaceAsync(server);
        await FillAsync(own, "Mine");
        var next = new Uri((await other.GetAsync($"{endpoint}.json?limit=1")).Text("next")!).Query;
        var page = await own.GetAsync($"{endpoint}.json{next}");
        page.Status.ShouldBe(200);
        page.Body.ShouldNotContain("Secret");
        page.Body.ShouldNotContain("Hidden");
        page.Results.ShouldBeEmpty("all of one's own objects are newer than the place");
    }

    /// <summary>Makes an object of every kind, all called by one word.</summary>
    private static async Task<Owned> FillAsync(WeniClient client, string word)
    {
        await client.MakeAsync("fields.json", new { label = word, value_type = "text" });
        var group = await client.MakeAsync("groups.json", new { name = word });
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { [word.ToLowerInvariant()] = word };
        var contact = await client.MakeAsync("contacts.json", new { name = word, urns = new[] { $"ext:{word}" }, groups = new[] { group }, fields });
        var deleted = await client.MakeAsync("contacts.json", new { name = word });
        (await client.DeleteAsync($"contacts.json?uuid={deleted}")).Status.ShouldBe(204);
        var campaign = await client.MakeAsync("campaigns.json", new { name = word, group });
        return new Owned(contact, deleted, group, campaign, word);
    }

    private static async Task<string> EverythingAsync(WeniClient client)
    {
        var lists = new List<string>();
        foreach (var path in new[] { "contacts.json", "contacts.json?deleted=true", "fields.json", "groups.json", "campaigns.json" })
            lists.Add((await client.GetAsync(path)).Body);
        return string.Join('\n', lists);
    }

    /// <summary>What a workspace's objects are known by.</summary>
    private sealed record Owned(string Contact, string Deleted, string Group, string Campaign, string Word)
    {
        public string Fill(string text) => text.Replace("{contact}", Contact, StringComparison.Ordinal).Replace("{deleted}", Deleted, StringComparison.Ordinal)
            .Replace("{group}", Group, StringComparison.Ordinal).Replace("{campaign}", Campaign, StringComparison.Ordinal)
            .Replace("{key}", Word.ToLowerInvariant(), StringComparison.Ordinal).Replace("{word}", Word, StringComparison.Ordinal);

        /// <summary>Leaves only what can tell two answers apart.</summary>
        public string Hide(string answer) => Varying().Replace(answer, "…").Replace(Word, "word", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Varying();
}

/// <summary>A call with places for what objects are known by.</summary>
public sealed class IsolationCase(string method, string path, string? body = null) : IXunitSerializable
{
    /// <summary>For xunit, which fills it by <see cref="Deserialize"/>.</summary>
    public IsolationCase()
        : this("", "")
    {
    }

    public string Method { get; private set; } = method;

    public string Path { get; private set; } = path;

    public string? Body { get; private set; } = body;

    public void Deserialize(IXunitSerializationInfo info) =>
        (Method, Path, Body) = (info.GetValue<string>(nameof(Method)), info.GetValue<string>(nameof(Path)), info.GetValue<string?>(nameof(Body)));

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(Method), Method);
        info.AddValue(nameof(Path), Path);
        info.AddValue(nameof(Body), Body);
    }

    public override string ToString() => $"{Method} {Path} {Body}";
}
