using System.Globalization;
using Contacts.Tests.Support;

namespace Contacts.Tests.Whaapy;

/// <summary>
/// Whatever a client sends, at every position: an answer in the dialect's shape, never a 500, and the next request works.
/// The exact texts are the contract cases' business.
/// </summary>
public sealed class BadInputTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "1e-20000", "123456789012345678901234567890", "\"\"", "\" \"", "\"x\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"\\udc00x\"", "\"\\uffff\"", "\"%\"", "\"'; --\"", "\",,\"", "\"+5215512345678\"", "\"a@b.mx\"", "\"2026-01-01\"", "\"9999-12-31T23:59:59-12:00\"",
        "\"00000000-0000-0000-0000-000000000000\"", "[]", "[null]", "[[]]", "[{}]", "[1]", "[\"\"]", "[\"\\u0000\"]", "[\"\\ud800\"]", "[\"a\",\"a\"]",
        "{}", "{\"\":\"\"}", "{\"\\u0000\":\"x\"}", "{\"\\ud800\":\"x\"}", "{\"a\":[]}", "{\"a\":{\"\\u0000\":1}}", "{\"a\":1e400}", "{\"a\":\"\\u0000\"}",
        "{\"eq\":\"\\u0000\"}", "{\"eq\":[],\"contains\":{},\"all\":1,\"before\":true}", "{\"contains\":\"\\\\\"}", "{\"all\":[\"\\ud800\"]}",
    ];

    private static readonly string[] QueryValues =
    [
        "", "%00", "%ff", "%ed%a0%80", "%f0%9f%98%80", "%", "%zz", "%25", "_", "%5C", "%27", "%22", "+", "%20", "%0a", "0", "-1", "1e9", "99999999999999999999",
        "AAAA", "AQ==", "00000000-0000-0000-0000-000000000000", "a&limit=1&limit=2", ",", ",,%00",
    ];

    [Theory]
    [InlineData("phone_number")]
    [InlineData("name")]
    [InlineData("email")]
    [InlineData("avatar_url")]
    [InlineData("tags")]
    [InlineData("add_tags")]
    [InlineData("custom_fields")]
    [InlineData("external_ids")]
    [InlineData("funnel_stage_id")]
    [InlineData("country")]
    [InlineData("customFields")]
    public async Task Any_value_of_a_contact(string attribute)
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        var id = await client.MakeAsync(new { phone_number = "+5215512340000" });
        for (var i = 0; i < Values.Length; i++)
        {
            var other = attribute == "phone_number" ? "" : string.Create(CultureInfo.InvariantCulture, $",\"phone_number\":\"+52155{i:00000000}\"");
            await SendAsync(client, "POST", "/contacts/v1", $$"""{"{{attribute}}":{{Values[i]}}{{other}}}""");
            await SendAsync(client, "PATCH", $"/contacts/v1/{id}", $$"""{"{{attribute}}":{{Values[i]}}}""");
        }
    }

    [Theory]
    [InlineData("/contacts/v1/search", "{{\"search\":{0}}}")]
    [InlineData("/contacts/v1/search", "{{\"filters\":{0}}}")]
    [InlineData("/contacts/v1/search", "{{\"filters\":{{\"phone_number\":{0},\"email\":{0},\"name\":{0},\"tags\":{0},\"created_at\":{0},\"source\":{0}}}}}")]
    [InlineData("/contacts/v1/search", "{{\"filters\":{{\"name\":{{\"eq\":{0},\"contains\":{0},\"starts_with\":{0}}}}}}}")]
    [InlineData("/contacts/v1/search", "{{\"filters\":{{\"tags\":{{\"all\":{0},\"any\":{0}}},\"created_at\":{{\"before\":{0}}},\"last_contact_at\":{{\"after\":{0}}}}}}}")]
    [InlineData("/contacts/v1/search", "{{\"sort\":{0},\"limit\":{0},\"cursor\":{0}}}")]
    [InlineData("/contacts/v1/bulk", "{{\"operation\":{0}}}")]
    [InlineData("/contacts/v1/bulk", "{{\"operation\":\"create\",\"contacts\":{0}}}")]
    [InlineData("/contacts/v1/bulk", "{{\"operation\":\"create\",\"contacts\":[{0}]}}")]
    [InlineData("/contacts/v1/bulk", "{{\"operation\":\"update\",\"contacts\":[{{\"id\":{0}}}]}}")]
    [InlineData("/contacts/v1/bulk", "{{\"operation\":\"update\",\"contact_ids\":{0},\"data\":{0}}}")]
    [InlineData("/contacts/v1/bulk", "{{\"operation\":\"tag\",\"contact_ids\":{0},\"tags\":{0},\"data\":{0}}}")]
    [InlineData("/contacts/v1/bulk", "{{\"operation\":\"set_funnel_stage\",\"contact_ids\":{0},\"funnel_stage_id\":{0}}}")]
    [InlineData("/funnel/v1/stages", "{{\"name\":{0},\"color\":{0},\"position\":{0}}}")]
    [InlineData("/funnel/v1/contacts/00000000-0000-0000-0000-000000000000/move", "{{\"stage_id\":{0}}}")]
    [InlineData("/contacts/v1", "{0}")]
    public async Task Any_value_at_any_position_of_a_body(string path, string format)
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        await client.MakeAsync(new { phone_number = "+5215512345678", name = "Ana" });
        foreach (var value in Values)
            await SendAsync(client, "POST", path, string.Format(CultureInfo.InvariantCulture, format, value));
    }

    [Theory]
    [InlineData("/contacts/v1?search=")]
    [InlineData("/contacts/v1?tags=")]
    [InlineData("/contacts/v1?funnel_stage_id=")]
    [InlineData("/contacts/v1?source=")]
    [InlineData("/contacts/v1?sort_by=")]
    [InlineData("/contacts/v1?limit=")]
    [InlineData("/contacts/v1?cursor=")]
    [InlineData("/contacts/v1?sort_by=name&cursor=")]
    [InlineData("/contacts/check-phone?phone=")]
    public async Task Any_value_of_a_parameter(string path)
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        await client.MakeAsync(new { phone_number = "+5215512345678", name = "Ana" });
        foreach (var value in QueryValues)
            await SendAsync(client, "GET", path + value, null);
    }

    [Theory]
    [InlineData("GET", "/contacts/v1/")]
    [InlineData("DELETE", "/contacts/v1/")]
    [InlineData("GET", "/funnel/v1/stages/")]
    public async Task Any_text_in_a_path(string method, string path)
    {
        using var client = await WhaapyClient.OfNewWorkspaceAsync(server);
        foreach (var value in new[] { "%ff", "%2F", "..%2F", "%F0%9F%98%80", "x%0Ay", "'", "{id}", "%7Bid%7D", new string('a', 3000) })
            (await SendAsync(client, method, path + value, null)).ShouldBe(404, value);
    }

    private static async Task<int> SendAsync(WhaapyClient client, string method, string path, string? body)
    {
        var reply = await client.SendAsync(method, path, body);
        var what = $"{method} {path} {body}\n{reply.Status} {reply.Body}";
        reply.Status.ShouldBeOneOf([200, 201, 400, 404, 409], what);
        if (reply.Status < 400)
            return reply.Status;
        var answer = reply.Json.AsObject();
        answer["error"]!.ToString().ShouldNotBeEmpty(what);
        answer["message"]!.ToString().ShouldNotBeEmpty(what);
        (answer["details"] is not null).ShouldBe(reply.Status == 400, what);
        return reply.Status;
    }
}
