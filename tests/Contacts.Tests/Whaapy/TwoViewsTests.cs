using System.Text.Json.Nodes;
using Contacts.Tests.Support;

namespace Contacts.Tests.Whaapy;

/// <summary>
/// One book, two views: contacts that are generated, and changed at random through both dialects, are shown by both as a model of the two
/// contracts says, attribute by attribute.
/// </summary>
public sealed class TwoViewsTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Contacts = 40;
    private const int Changes = 10;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Generated_contacts_are_the_same_in_both_dialects(int seed)
    {
        var random = new Random(seed);
        var workspace = await server.NewWorkspaceAsync(settings => settings.MinuteLimit = null);
        using var whaapy = await WhaapyClient.OfAsync(server, workspace);
        using var weni = new WeniClient(server, workspace);
        await weni.MakeAsync("fields.json", new { label = "Nick name", value_type = "text" });
        string[] groups = ["Reporters", "Testers"];
        foreach (var name in groups)
            await weni.MakeAsync("groups.json", new { name });

        for (var number = 0; number < Contacts; number++)
        {
            var model = new TwoViewsModel(random, number, groups);
            var id = await whaapy.MakeAsync(model.Create());
            for (var change = 0; change < Changes; change++)
            {
                var isWeni = random.Next(2) == 0;
                var body = isWeni ? model.WeniWrite() : model.Patch();
                if (isWeni)
                    (await weni.PostAsync($"contacts.json?uuid={id}", body)).Status.ShouldBe(200, body.ToJsonString());
                else
                    (await whaapy.SendAsync("PATCH", $"/contacts/v1/{id}", body)).Status.ShouldBe(200, body.ToJsonString());
                await CompareAsync(whaapy, weni, id, model, $"seed {seed}, contact {number}, change {change}: {body.ToJsonString()}");
            }
        }
    }

    private static async Task CompareAsync(WhaapyClient whaapy, WeniClient weni, string id, TwoViewsModel model, string when)
    {
        var read = (await whaapy.SendAsync("GET", $"/contacts/v1/{id}")).Json["contact"]!.AsObject();
        foreach (var name in new[] { "id", "created_at", "updated_at" })
            read.Remove(name).ShouldBeTrue();
        ShouldBeSame(read, model.Whaapy(), when);

        var listed = (await weni.GetAsync($"contacts.json?uuid={id}")).Results[0]!.AsObject();
        foreach (var name in new[] { "uuid", "created_on", "modified_on", "last_seen_on" })
            listed.Remove(name).ShouldBeTrue();
        listed["groups"] = new JsonArray(
            [.. listed["groups"]!.AsArray().Select(group => group!["name"]!.ToString()).Order(StringComparer.Ordinal).Select(name => (JsonNode)name)]);
        ShouldBeSame(listed, model.Weni(), when);
    }

    private static void ShouldBeSame(JsonObject actual, JsonObject expected, string when)
    {
        actual.Select(member => member.Key).ShouldBe(expected.Select(member => member.Key), ignoreOrder: true, when);
        foreach (var (name, value) in expected)
            JsonNode.DeepEquals(actual[name], value).ShouldBeTrue($"{name}: {actual[name]?.ToJsonString()} for {value?.ToJsonString()}\n{when}");
    }
}
