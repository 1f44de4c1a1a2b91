using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Contacts.Tests.Support;

namespace Contacts.Tests.Weni;

/// <summary>
/// Whatever a client sends, at every position: an answer in the dialect's shape, never a 500, and the next request works.
/// The exact texts are the contract cases' business.
/// </summary>
public sealed partial class BadInputTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Contact =
        """{"name":"José 😀","language":"por","urns":["tel:+250788123123","ext:\u00e9"],"groups":[{"uuid":"x","name":"Devs"}],"fields":{"nick":1.5e3,"age":null}}""";

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "-0", "1.5", "1e400", "123456789012345678901234567890",
        "\"\"", "\" \"", "\"x\"", "\"\\n\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\\uffff\"", "\"\\u202e\"", "\"%\"", "\"'; --\"",
        "[]", "[null]", "[[]]", "[{}]", "[true]", "[1]", "[1.5]", "[1e400]", "[\"\"]", "[\" \"]", "[\"\\u0000\"]", "[\"\\ud800\"]",
        "{}", "{\"\":\"\"}", "{\"\\u0000\":\"x\"}", "{\"\\ud800\":\"x\"}", "{\"nick\":[]}", "{\"nick\":{}}", "{\"nick\":true}", "{\"nick\":1e400}",
        "{\"nick\":\"\\u0000\"}", "{\"nick\":\"\\ud800\"}", "{\"uuid\":null}", "{\"uuid\":[]}", "{\"uuid\":\"\\u0000\"}", "{\"uuid\":\"\\ud800\"}",
        "[{\"uuid\":null}]", "[{\"uuid\":1}]", "[{\"uuid\":[]}]", "[{\"uuid\":\"\\u0000\"}]", "[{\"uuid\":\"\\ud800\"}]", "[{\"\\ud800\":\"x\"}]",
        "[\"tel:\"]", "[\"tel:+\"]", "[\"whatsapp:\"]", "[\"ext:#\"]", "[\"ext:?\"]", "[\":\"]", "[\"#\"]", "[\"mailto:@\"]",
        "[\"tel:+\\u0661\\u0662\\u0663\\u0664\\u0665\\u0666\\u0667\\u0668\"]",
    ];

    private static readonly string[] QueryValues =
    [
        "", "%00", "%ff", "%ed%a0%80", "%f0%9f%98%80", "%", "%zz", "%25", "_", "%5C", "%27", "%22", "+", "%20", "%0a", "0", "-1", "1e9",
        "99999999999999999999", "0001-01-01", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00", "2026-02-30", "-infinity", "true",
        "tel:%2B%00", "ext:%ff", "00000000-0000-0000-0000-000000000000", "a&uuid=b", "a&cursor=", "a&limit=1&limit=2",
    ];

    [Theory]
    [InlineData("contacts", "name", "{{\"name\":{0}}}")]
    [InlineData("contacts", "language", "{{\"language\":{0}}}")]
    [InlineData("contacts", "urns", "{{\"urns\":{0}}}")]
    [InlineData("contacts", "groups", "{{\"groups\":{0}}}")]
    [InlineData("contacts", "fields", "{{\"fields\":{0}}}")]
    [InlineData("fields", "label", "{{\"label\":{0},\"value_type\":\"text\"}}")]
    [InlineData("fields", "value_type", "{{\"label\":\"Label {1}\",\"value_type\":{0}}}")]
    [InlineData("fields", "name", "{{\"name\":{0},\"type\":\"text\"}}")]
    [InlineData("fields", "type", "{{\"name\":\"Name {1}\",\"type\":{0}}}")]
    [InlineData("groups", "name", "{{\"name\":{0}}}")]
    [InlineData("campaigns", "name", "{{\"name\":{0},\"group\":\"Devs\"}}")]
    [InlineData("campaigns", "group", "{{\"name\":\"Name {1}\",\"group\":{0}}}")]
    [InlineData("contacts", "the body itself", "{0}")]
    [InlineData("fields", "the body itself", "{0}")]
    [InlineData("groups", "the body itself", "{0}")]
    [InlineData("campaigns", "the body itself", "{0}")]
    public async Task Any_value_at_any_position_of_a_body(string endpoint, string position, string format)
    {
        using var client = await ClientAsync();
        for (var i = 0; i < Values.Length; i++)
        {
            var body = string.Format(CultureInfo.InvariantCulture, format, Values[i], i);
            var (status, answer) = await SendAsync(client, HttpMethod.Post, $"{endpoint}.json", body);
            new[] { 201, 400 }.ShouldContain(status, $"{position}: {body}: {answer}");
            JsonSerializer.Deserialize<JsonElement>(answer).ValueKind.ShouldBe(JsonValueKind.Object, $"{body}: {answer}");
        }

        (await SendAsync(client, HttpMethod.Get, $"{endpoint}.json", null)).Status.ShouldBe(200, position);
    }

    [Theory]
    [InlineData("contacts", "uuid urn name search group before after deleted reverse order_by limit cursor")]
    [InlineData("fields", "key limit cursor")]
    [InlineData("groups", "uuid name limit cursor")]
    [InlineData("campaigns", "uuid limit cursor")]
    public async Task Any_value_of_any_query_parameter(string endpoint, string parameters)
    {
        using var client = await ClientAsync();
        foreach (var (parameter, value) in parameters.Split(' ').SelectMany(parameter => QueryValues.Select(value => (parameter, value))))
        {
            var path = $"{endpoint}.json?{parameter}={value}";
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete })
            {
                var (status, answer) = await SendAsync(client, method, path, method == HttpMethod.Post ? "{}" : null);
                status.ShouldBeLessThan(500, $"{method} {path}: {answer}");
                if (status != 204)
                    JsonSerializer.Deserialize<JsonElement>(answer).ValueKind.ShouldBe(JsonValueKind.Object, $"{method} {path}: {answer}");
            }
        }
    }

    [Fact]
    public async Task A_body_cut_off_anywhere_is_a_parse_error_with_a_place_inside_it()
    {
        using var client = await ClientAsync();
        for (var length = 1; length < Contact.Length; length++)
        {
            // A cut between the halves of a pair would not be UTF-8 any more.
            if (char.IsHighSurrogate(Contact[length - 1]))
                continue;
            var cut = Contact[..length];
            var (status, answer) = await SendAsync(client, HttpMethod.Post, "contacts.json", cut);
            status.ShouldBe(400, cut);
            var place = Place().Match(JsonSerializer.Deserialize<JsonElement>(answer).GetProperty("detail").GetString() ?? "");
            place.Success.ShouldBeTrue(answer);
            int.Parse(place.Groups["char"].Value, CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(length, $"{cut}: {answer}");
        }
    }

    [Fact]
    public async Task A_byte_changed_anywhere_is_no_500()
    {
        using var client = await ClientAsync();
        var bytes = Encoding.UTF8.GetBytes(Contact);
        var random = new Random(2);
        for (var i = 0; i < 300; i++)
        {
            var changed = bytes.ToArray();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            var (status, answer) = await SendBytesAsync(client, HttpMethod.Post, "contacts.json", changed);
            new[] { 201, 400 }.ShouldContain(status, $"{Convert.ToBase64String(changed)}: {answer}");
        }
    }

    private async Task<HttpClient> ClientAsync()
    {
        var client = server.NewClient((await server.NewWorkspaceAsync()).Token);
        (await SendAsync(client, HttpMethod.Post, "fields.json", """{"label":"Nick","value_type":"text"}""")).Status.ShouldBe(201);
        (await SendAsync(client, HttpMethod.Post, "fields.json", """{"label":"Age","value_type":"numeric"}""")).Status.ShouldBe(201);
        (await SendAsync(client, HttpMethod.Post, "groups.json", """{"name":"Devs"}""")).Status.ShouldBe(201);
        return client;
    }

    private static Task<(int Status, string Answer)> SendAsync(HttpClient client, HttpMethod method, string path, string? body) =>
        SendBytesAsync(client, method, path, body is null ? null : Encoding.UTF8.GetBytes(body));

    private static async Task<(int Status, string Answer)> SendBytesAsync(HttpClient client, HttpMethod method, string path, byte[]? body)
    {
        using var request = new HttpRequestMessage(method, "/api/v2/" + path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new("application/json");
        }

        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("^JSON parse error - .*line [0-9]+ column [0-9]+ \\(char (?<char>[0-9]+)\\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Place();
}
