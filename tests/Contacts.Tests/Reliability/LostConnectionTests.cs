using System.Net.Http.Json;
using Contacts.Tests.Support;

namespace Contacts.Tests.Reliability;

/// <summary>PostgreSQL goes away in the middle of a list: whoever asks again later is told so, and nothing else.</summary>
public sealed class LostConnectionTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_list_that_meets_the_loss_of_the_database_is_to_be_sent_again()
    {
        using var client = await ClientAsync();
        using var http = server.NewClient(client.Workspace.Token);
        using var answer = await http.PostAsJsonAsync("/api/v2/contacts_bulk.json", new { contacts = new[] { Item("ext:1", "Ana"), Item("ext:2", "lost") } });
        ((int)answer.StatusCode, answer.Headers.RetryAfter?.ToString()).ShouldBe((503, "1"));
        (await client.GetAsync("contacts.json")).Results.ShouldBeEmpty("as a whole or not at all");
    }

    [Fact]
    public async Task Of_a_list_that_is_written_one_by_one_each_item_is_told_what_became_of_it()
    {
        using var client = await ClientAsync();
        var reply = await client.PostAsync("contacts_bulk.json", new { contacts = new[] { Item("ext:1", "broken"), Item("ext:2", "lost"), Item("ext:3", "Ana") } });
        reply.Results.Select(result => (int)result!["status"]!).ShouldBe([500, 503, 201]);
    }

    private static object Item(string urn, string name) => new { urn, name };

    private async Task<WeniClient> ClientAsync()
    {
        await server.ExecuteAsync($"""
            CREATE OR REPLACE FUNCTION fail_by_name() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.name = 'broken' THEN RAISE EXCEPTION 'broken' USING ERRCODE = 'XX000'; END IF;
                IF NEW.name = 'lost' THEN RAISE EXCEPTION 'shutting down' USING ERRCODE = '57P01'; END IF;
                RETURN NEW;
            END $$
            """);
        await server.ExecuteAsync($"CREATE OR REPLACE TRIGGER fail_by_name BEFORE INSERT ON contacts FOR EACH ROW EXECUTE FUNCTION fail_by_name()");
        return await WeniClient.OfNewWorkspaceAsync(server);
    }
}
