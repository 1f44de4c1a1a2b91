using System.Globalization;
using Contacts.Tests.Support;

namespace Contacts.Tests.Core.Races;

/// <summary>The two forms of one Brazilian number never become two contacts, also when both arrive at once.</summary>
public sealed class NinthDigitRaces(TestServer server) : IClassFixture<TestServer>
{
    private const int Rounds = 40;
    private const int Callers = 16;

    [Fact]
    public async Task Both_forms_of_a_new_number_at_once_make_one_contact()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds; round++)
        {
            string[] forms = Forms(round);
            var replies = await Racing.RunAsync(2, number => client.PostAsync($"contacts.json?urn={forms[number]}", new { name = "Ana" }));
            await ShouldBeOneContactAsync(client, forms, replies);
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task A_crowd_with_both_forms_makes_one_contact()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds / 4; round++)
        {
            string[] forms = Forms(round);
            var replies = await Racing.RunAsync(Callers, number => client.PostAsync($"contacts.json?urn={forms[number % 2]}", new { language = "por" }));
            await ShouldBeOneContactAsync(client, forms, replies);
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Both_forms_in_bulk_calls_at_once_make_one_contact_each()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        for (var round = 0; round < Rounds / 4; round++)
        {
            var numbers = Enumerable.Range(round * 10, 10).Select(Forms).ToList();
            var replies = await Racing.RunAsync(4, caller => client.PostAsync(
                "contacts_bulk.json", new { contacts = numbers.Select(forms => new { urn = forms[caller % 2], name = "Ana" }).ToList() }));
            replies.Select(reply => reply.Status).ShouldAllBe(status => status == 200);
            replies.SelectMany(reply => reply.Results).Count(result => (int)result!["status"]! == 201).ShouldBe(numbers.Count);
        }

        (await client.GetAsync("contacts.json")).Results.Count.ShouldBe(Rounds / 4 * 10);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task When_both_are_allowed_both_are_made()
    {
        var workspace = await server.NewWorkspaceAsync(settings => settings.VerifyNinthDigit = false);
        using var client = new WeniClient(server, workspace);
        for (var round = 0; round < Rounds / 4; round++)
        {
            string[] forms = Forms(round);
            var replies = await Racing.RunAsync(2, number => client.PostAsync($"contacts.json?urn={forms[number]}", new { name = "Ana" }));
            replies.Select(reply => reply.Status).ShouldBe([201, 201]);
        }
    }

    private static string[] Forms(int number)
    {
        var last = (90000000 + number).ToString(CultureInfo.InvariantCulture);
        return [$"whatsapp:5511{last}", $"whatsapp:55119{last}"];
    }

    private static async Task ShouldBeOneContactAsync(WeniClient client, string[] forms, WeniReply[] replies)
    {
        replies.Where(reply => reply.Status is not (200 or 201)).Select(reply => reply.Body).ShouldBeEmpty();
        replies.Count(reply => reply.Status == 201).ShouldBe(1);
        var uuid = replies.Select(reply => reply.Text("uuid")).Distinct().ShouldHaveSingleItem();
        foreach (var form in forms)
            (await client.GetAsync($"contacts.json?urn={form}")).Results.ShouldHaveSingleItem()!["uuid"]!.ToString().ShouldBe(uuid);
    }
}
