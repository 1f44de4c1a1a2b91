using System.Net;
using System.Text;
using System.Text.Json;
using Contacts.Tests.Support;

namespace Contacts.Tests.Weni;

/// <summary>
/// Every example of Weni's article "Creating contact from an external Webhook", in the order of the page, in English, Portuguese and Spanish.
/// The bodies are the article's (its doubled quotes are a printing fault); only uuids are ours, since the article's belong to its authors.
/// </summary>
public sealed class ArticleWalkthrough(TestServer server) : IClassFixture<TestServer>
{
    private static readonly Dictionary<string, Article> Articles = new(StringComparer.Ordinal)
    {
        ["en"] = JohnCordeiro(),
        ["pt"] = JohnCordeiro(),
        ["es"] = ManuSilva(),
    };

    [Theory]
    [InlineData("en")]
    [InlineData("pt")]
    [InlineData("es")]
    public async Task Every_example_of_the_article_works_in_its_order(string language)
    {
        var article = Articles[language];
        using var client = server.NewClient((await server.NewWorkspaceAsync()).Token);
        var devs = await MakeWhatTheArticleExpectsAsync(client);

        var contact = await ShowContactsAsync(client, article, devs);
        await ShowDeletionsAsync(client, article, contact);
        await ShowFieldsAsync(client);
        await ShowGroupsAsync(client);
    }

    /// <summary>"The fields need to be previously created", and the group whose uuid the examples send.</summary>
    private static async Task<string> MakeWhatTheArticleExpectsAsync(HttpClient client)
    {
        await SendAsync(client, HttpMethod.Post, "fields.json", """{"label":"Nickname","value_type":"text"}""", HttpStatusCode.Created);
        await SendAsync(client, HttpMethod.Post, "fields.json", """{"label":"Side kick","value_type":"text"}""", HttpStatusCode.Created);
        return Text(await SendAsync(client, HttpMethod.Post, "groups.json", """{"name":"Devs"}""", HttpStatusCode.Created), "uuid");
    }

    private static async Task<string> ShowContactsAsync(HttpClient client, Article article, string devs)
    {
        var made = await SendAsync(client, HttpMethod.Post, "contacts.json", article.Add(devs), HttpStatusCode.Created);
        Text(made, "name").ShouldBe(article.Name);
        Text(made, "language").ShouldBe("por");
        made.GetProperty("urns").EnumerateArray().Select(urn => urn.GetString())
            .ShouldBe(["tel:+558299331122", "whatsapp:558299331122", article.Mail, "ext:123456"]);
        Text(made.GetProperty("groups")[0], "uuid").ShouldBe(devs);
        Text(made.GetProperty("fields"), "nickname").ShouldBe(article.Nickname);
        var uuid = Text(made, "uuid");

        var updated = await SendAsync(client, HttpMethod.Post, $"contacts.json?uuid={uuid}", article.Update(devs), HttpStatusCode.OK);
        updated.GetProperty("urns").EnumerateArray().Select(urn => urn.GetString()).ShouldBe(["tel:+558299331122", article.SecondUrn]);
        Text(updated.GetProperty("fields"), "nickname").ShouldBe(article.Nickname, "an empty object of fields changes none");

        var byUrn = await SendAsync(client, HttpMethod.Post, $"contacts.json?urn={article.UrnInUrl}", article.UpdateByUrn, HttpStatusCode.Created);
        byUrn.GetProperty("urns")[0].GetString().ShouldBe(Uri.UnescapeDataString(article.UrnInUrl));
        await SendAsync(client, HttpMethod.Post, $"contacts.json?urn={article.UrnInUrl}", article.UpdateByUrn, HttpStatusCode.OK);
        return uuid;
    }

    private static async Task ShowDeletionsAsync(HttpClient client, Article article, string contact)
    {
        await SendAsync(client, HttpMethod.Delete, "contacts.json?uuid=27fb583b-3087-4778-a2b3-8af489bf4a93", null, HttpStatusCode.NotFound);
        await SendAsync(client, HttpMethod.Delete, $"contacts.json?uuid={contact}", null, HttpStatusCode.NoContent);
        await SendAsync(client, HttpMethod.Delete, "contacts.json?urn=tel%3A%2B250783835665", null, article.DeletedByUrn);
    }

    private static async Task ShowFieldsAsync(HttpClient client)
    {
        var field = await SendAsync(client, HttpMethod.Post, "fields.json", """{"label": "Nick name", "value_type": "text"}""", HttpStatusCode.Created);
        Text(field, "key").ShouldBe("nick_name");
        Text(field, "label").ShouldBe("Nick name");
        Text(field, "value_type").ShouldBe("text");
    }

    /// <summary>The article prints an empty name beside an answer with the name Reporters: both are shown.</summary>
    private static async Task ShowGroupsAsync(HttpClient client)
    {
        var blank = await SendAsync(client, HttpMethod.Post, "groups.json", """{"name": ""}""", HttpStatusCode.BadRequest);
        blank.GetProperty("name")[0].GetString().ShouldBe("This field may not be blank.");
        var group = await SendAsync(client, HttpMethod.Post, "groups.json", """{"name": "Reporters"}""", HttpStatusCode.Created);
        Text(group, "name").ShouldBe("Reporters");
        group.GetProperty("count").GetInt32().ShouldBe(0);
        group.GetProperty("query").ValueKind.ShouldBe(JsonValueKind.Null);
        var uuid = Text(group, "uuid");

        var renamed = await SendAsync(client, HttpMethod.Post, $"groups.json?uuid={uuid}", """{"name": "Checked"}""", HttpStatusCode.OK);
        Text(renamed, "uuid").ShouldBe(uuid);
        Text(renamed, "name").ShouldBe("Checked");
        await SendAsync(client, HttpMethod.Delete, $"groups.json?uuid={uuid}", null, HttpStatusCode.NoContent);
        await SendAsync(client, HttpMethod.Delete, $"groups.json?uuid={uuid}", null, HttpStatusCode.NotFound);
    }

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, "/api/v2/" + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(expected, $"{method} {path} {body}: {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString().ShouldNotBeNull();

    private static Article JohnCordeiro() => new(
        "John Cordeiro", "mailto:john.dalton@ilhasoft.com.br", "Macklemore", "whatsapp:558299331122", "tel%3A%2B250783835665", HttpStatusCode.NoContent)
    {
        Add = devs => $$"""
            {
            "name": "John Cordeiro",
            "language": "por",
            "urns": [
            "tel:+558299331122",
            "whatsapp:558299331122",
            "mailto:john.dalton@ilhasoft.com.br",
            "ext:123456"
            ],
            "groups": ["{{devs}}"],
            "fields": {
            "nickname": "Macklemore",
            "side_kick": "Ryan Lewis"
            }
            }
            """,
        Update = devs => $$"""
            {
            "name": "John Cordeiro",
            "language": "por",
            "urns": ["tel:+558299331122", "whatsapp:558299331122"],
            "groups": [
            {
            "name": "Devs",
             "uuid": "{{devs}}"
            }
            ],
            "fields": {}
            }
            """,
        UpdateByUrn = """{ "fields": {"nickname": "Ben"} }""",
    };

    private static Article ManuSilva() => new(
        "Manu Silva", "mailto:manu@weni.ai", "Manu", "whatsapp:5582999990000", "tel%3A%2B90987877", HttpStatusCode.NotFound)
    {
        Add = devs => $$"""
            {
            "name": "Manu Silva",
            "language": "por",
            "urns": [
            "tel:+558299331122",
            "whatsapp:558299331122",
            "mailto:manu@weni.ai",
            "ext:123456"
            ],
            "groups": ["{{devs}}"],
            "fields": {
            "nickname": "Manu",
            "side_kick": "Emanoela da Silva"
            }
            }
            """,
        Update = devs => $$"""
            {
            "name": "Manu Silva",
            "language": "por",
            "urns": ["tel:+558299331122", "whatsapp:5582999990000"],
            "groups": [
            {
            "name": "Devs",
             "uuid": "{{devs}}"
            }
            ],
            "fields": {}
            }
            """,
        UpdateByUrn = """{ "fields": {"nickname": "Manu"} }""",
    };

    private sealed record Article(
        string Name, string Mail, string Nickname, string SecondUrn, string UrnInUrl, HttpStatusCode DeletedByUrn)
    {
        public required Func<string, string> Add { get; init; }

        public required Func<string, string> Update { get; init; }

        public required string UpdateByUrn { get; init; }
    }
}
