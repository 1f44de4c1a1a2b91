using System.Text.Json;
using Contacts.Data;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Management;

/// <summary>The workspace's settings.</summary>
public sealed class WorkspaceTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string[] Attributes =
    [
        "uuid", "name", "country", "timezone", "date_style", "profile", "languages", "verify_ninth_digit", "mexican_prefix", "anonymous", "standing",
        "hourly_limit", "minute_limit", "field_limit", "group_limit", "allows_private_targets",
        "recording", "recorded_calls", "recorded_days", "recorded_megabytes", "created_on",
    ];

    [Fact]
    public async Task The_settings_are_read()
    {
        using var client = await ManagementClient.NewAsync(server);
        var read = await client.GetAsync("workspace");
        read.Status.ShouldBe(200);
        read.MediaType.ShouldBe("application/json");
        read.Body.EnumerateObject().Select(attribute => attribute.Name).ShouldBe(Attributes);
        read.Uuid.ShouldBe(client.Workspace.Id.ToString());
        Json(read, "country").ShouldBe("null");
        Json(read, "date_style").ShouldBe("\"day_first\"");
        Json(read, "standing").ShouldBe("\"good\"");
        Json(read, "hourly_limit").ShouldBe("null");
        Json(read, "languages").ShouldBe("[]");
    }

    [Theory]
    [InlineData("country", "\"BR\"")]
    [InlineData("timezone", "\"America/Sao_Paulo\"")]
    [InlineData("timezone", "\"Etc/GMT+3\"")]
    [InlineData("date_style", "\"month_first\"")]
    [InlineData("date_style", "\"year_first\"")]
    [InlineData("profile", "\"rapidpro\"")]
    [InlineData("languages", "[\"por\",\"eng\"]")]
    [InlineData("verify_ninth_digit", "false")]
    [InlineData("mexican_prefix", "true")]
    [InlineData("anonymous", "true")]
    [InlineData("standing", "\"suspended\"")]
    [InlineData("standing", "\"flagged\"")]
    [InlineData("hourly_limit", "1")]
    [InlineData("hourly_limit", "2147483647")]
    [InlineData("minute_limit", "null")]
    [InlineData("minute_limit", "60")]
    [InlineData("field_limit", "1")]
    [InlineData("group_limit", "10000")]
    [InlineData("allows_private_targets", "true")]
    [InlineData("recording", "\"errors\"")]
    [InlineData("recording", "\"off\"")]
    [InlineData("recorded_calls", "1")]
    [InlineData("recorded_days", "3650")]
    [InlineData("recorded_megabytes", "1000")]
    public async Task One_setting_is_changed_and_the_others_stay(string attribute, string value)
    {
        using var client = await ManagementClient.NewAsync(server);
        var before = await client.GetAsync("workspace");
        var changed = await client.PatchAsync("workspace", $$"""{"{{attribute}}":{{value}}}""");
        changed.Status.ShouldBe(200, changed.Text);
        Json(changed, attribute).ShouldBe(value);
        foreach (var other in Attributes.Where(name => name != attribute))
            Json(changed, other).ShouldBe(Json(before, other), other);
        (await client.GetAsync("workspace")).Text.ShouldBe(changed.Text, "the next request sees it");
    }

    [Fact]
    public async Task All_settings_are_changed_at_once_and_set_back()
    {
        using var client = await ManagementClient.NewAsync(server);
        var before = await client.GetAsync("workspace");
        var name = "Fábrica " + Guid.NewGuid().ToString("N");
        var changed = await client.PatchAsync("workspace", $$"""
            {"name":" {{name}} ","country":"br","timezone":"America/Manaus","date_style":"year_first","profile":"rapidpro","languages":["POR","eng","por"],
             "verify_ninth_digit":false,"mexican_prefix":true,"anonymous":true,"standing":"flagged","hourly_limit":2500,"field_limit":10,"group_limit":20,"allows_private_targets":true}
            """);
        changed.Status.ShouldBe(200, changed.Text);
        Json(changed, "country").ShouldBe("\"BR\"");
        Json(changed, "languages").ShouldBe("[\"por\",\"eng\"]");
        changed.Body.GetProperty("name").GetString().ShouldBe(name);

        var back = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(before.Text)!;
        back.Remove("uuid").ShouldBeTrue();
        back.Remove("created_on").ShouldBeTrue();
        (await client.PatchAsync("workspace", JsonSerializer.Serialize(back))).Text.ShouldBe(before.Text);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"anonymous":false}""")]
    public async Task Nothing_new_changes_nothing(string json)
    {
        using var client = await ManagementClient.NewAsync(server);
        var before = await client.GetAsync("workspace");
        (await client.PatchAsync("workspace", json)).Text.ShouldBe(before.Text);
    }

    [Theory]
    [InlineData("name", "null 1 \"\" \"a\\u0000\" \"a\\tb\" \"\\ud800\" []")]
    [InlineData("country", "1 \"\" \"B\" \"BRA\" \"B1\" \"ÄÖ\"")]
    [InlineData("timezone", "null 1 \"\" \"Mars/Olympus\" \"/dev/zero\" \"../../etc/passwd\" \"UTC/../UTC\" \"UTC\\u0000\" \"UTC\\nx\"")]
    [InlineData("date_style", "null 0 \"\" \"DayFirst\" \"day-first\"")]
    [InlineData("profile", "null 1 \"\" \"Weni\" \"textit\"")]
    [InlineData("languages", "null \"por\" [1] [null]")]
    [InlineData("verify_ninth_digit", "null 1 \"true\"")]
    [InlineData("mexican_prefix", "null 1 \"true\"")]
    [InlineData("anonymous", "null 0 \"\" {}")]
    [InlineData("standing", "null 1 \"\" \"bad\" \"Good\"")]
    [InlineData("hourly_limit", "0 -1 1.5 1e99 2147483648 \"1\" true")]
    [InlineData("field_limit", "null 0 -1 10001 \"1\"")]
    [InlineData("group_limit", "null 0 -1 10001 \"1\"")]
    [InlineData("allows_private_targets", "null 1 \"true\"")]
    [InlineData("recording", "null 1 \"All\" \"none\"")]
    [InlineData("recorded_calls", "null 0 -1 10000001 \"1\"")]
    [InlineData("recorded_days", "null 0 3651 1.5")]
    [InlineData("recorded_megabytes", "null 0 1000001")]
    [InlineData("uuid", "\"c4e8a9d0-0000-7000-8000-000000000000\"")]
    [InlineData("anonymus", "true")]
    public async Task A_wrong_value_is_refused_and_nothing_changes(string attribute, string values)
    {
        using var client = await ManagementClient.NewAsync(server);
        var before = await client.GetAsync("workspace");
        foreach (var value in values.Split(' '))
        {
            // Beside it stands a right value, which must not be written either.
            var right = attribute == "country" ? "\"anonymous\":true" : "\"country\":\"BR\"";
            var refused = await client.PatchAsync("workspace", "{" + $"{right},\"{attribute}\":{value}" + "}");
            refused.ShouldBeProblem(400).Faults(attribute).Length.ShouldBe(1, $"{value}: {refused.Text}");
        }

        (await client.GetAsync("workspace")).Text.ShouldBe(before.Text);
    }

    [Fact]
    public async Task Each_wrong_language_is_told_of_and_a_name_has_100_characters_at_most()
    {
        using var client = await ManagementClient.NewAsync(server);
        var refused = await client.PatchAsync("workspace", $$"""{"languages":["por","xx","","english"],"name":"{{new string('x', 101)}}","hourly_limit":0}""");
        refused.ShouldBeProblem(400);
        refused.Body.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)
            .ShouldBe(["hourly_limit", "languages[1]", "languages[2]", "languages[3]", "name"]);
        var many = string.Join(',', Enumerable.Repeat("\"por\"", 101));
        (await client.PatchAsync("workspace", $$"""{"languages":[{{many}}]}""")).ShouldBeProblem(400).Faults("languages").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Another_workspaces_name_is_refused_in_any_case()
    {
        using var client = await ManagementClient.NewAsync(server);
        using var other = await ManagementClient.NewAsync(server);
        var name = (await other.GetAsync("workspace")).Body.GetProperty("name").GetString()!;
        var before = await client.GetAsync("workspace");
        (await client.PatchAsync("workspace", JsonSerializer.Serialize(new { name = name.ToUpperInvariant(), anonymous = true })))
            .ShouldBeProblem(409).Faults("name").ShouldHaveSingleItem();
        (await client.GetAsync("workspace")).Text.ShouldBe(before.Text);
    }

    [Fact]
    public async Task Only_the_tokens_own_workspace_is_changed()
    {
        using var client = await ManagementClient.NewAsync(server);
        using var other = await ManagementClient.NewAsync(server);
        var before = await other.GetAsync("workspace");
        (await client.PatchAsync("workspace", """{"country":"BR","standing":"suspended"}""")).Status.ShouldBe(200);
        (await other.GetAsync("workspace")).Text.ShouldBe(before.Text);
    }

    [Fact]
    public async Task Changes_of_different_settings_at_the_same_time_both_stay()
    {
        using var client = await ManagementClient.NewAsync(server);
        for (var i = 1; i <= 20; i++)
        {
            await Task.WhenAll(
                client.PatchAsync("workspace", $$"""{"field_limit":{{i}}}"""),
                client.PatchAsync("workspace", $$"""{"group_limit":{{i}}}"""),
                client.GetAsync("workspace"));
            var read = await client.GetAsync("workspace");
            (Json(read, "field_limit"), Json(read, "group_limit")).ShouldBe(($"{i}", $"{i}"));
        }
    }

    [Fact]
    public async Task Weni_follows_a_change_at_once_and_a_suspended_workspace_can_be_taken_back_into_use()
    {
        using var client = await ManagementClient.NewAsync(server);
        (await client.SendAsync(HttpMethod.Post, "/api/v2/contacts.json", """{"urns":["tel:+250788123123"]}""")).Status.ShouldBe(201);
        await client.PatchAsync("workspace", """{"standing":"suspended","timezone":"Africa/Kigali"}""");
        (await client.SendAsync(HttpMethod.Post, "/api/v2/contacts.json", """{"name":"Ana"}""")).Status.ShouldBe(400);
        (await client.SendAsync(HttpMethod.Get, "/api/v2/workspace.json")).Body.GetProperty("timezone").GetString().ShouldBe("Africa/Kigali");

        await client.NewAsync("flows", "Made while suspended");
        await client.PatchAsync("workspace", """{"standing":"good","anonymous":true}""");
        (await client.SendAsync(HttpMethod.Post, "/api/v2/contacts.json", """{"name":"Ana"}""")).Status.ShouldBe(201);
        (await client.SendAsync(HttpMethod.Get, "/api/v2/contacts.json")).Text.ShouldNotContain("250788123123");

        await client.PatchAsync("workspace", """{"group_limit":1}""");
        await client.NewGroupAsync("One");
        (await client.SendAsync(HttpMethod.Post, "/api/v2/groups.json", """{"name":"Two"}""")).Status.ShouldBe(400);
    }

    private static string Json(ManagementAnswer answer, string attribute) => answer.Body.GetProperty(attribute).GetRawText();
}

/// <summary>A server that did not make the change itself.</summary>
public sealed class OtherServerTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Another_server_follows_within_two_seconds()
    {
        var clock = new ManualClock();
        var elsewhere = new Callers(server.Services.GetRequiredService<DatabaseWatch>(), clock);
        using var client = await ManagementClient.NewAsync(server);
        (await CountryAsync(elsewhere, client)).ShouldBeNull();
        (await client.PatchAsync("workspace", """{"country":"BR"}""")).Status.ShouldBe(200);
        clock.Advance(TimeSpan.FromSeconds(1.9));
        (await CountryAsync(elsewhere, client)).ShouldBe("BR");
    }

    private static async Task<string?> CountryAsync(Callers callers, ManagementClient client) =>
        (await callers.FindAsync(client.Workspace.Token, CancellationToken.None)).ShouldNotBeNull().Workspace.Country;
}
