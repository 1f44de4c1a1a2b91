using System.Globalization;
using Contacts.Tests.Support;

namespace Contacts.Tests.Core.Races;

/// <summary>The two forms of one Mexican number never become two contacts, also when both arrive at once, by telephone or on WhatsApp.</summary>
public sealed class MexicanPrefixRaces(LoneCallsServer server) : IClassFixture<LoneCallsServer>
{
    private const int Rounds = 10;
    private const int Callers = 16;

    [Theory]
    [InlineData("tel:%2B52")]
    [InlineData("whatsapp:52")]
    public async Task A_crowd_with_both_forms_makes_one_contact(string country)
    {
        using var client = await ClientAsync(isOneNumber: true);
        for (var round = 0; round < Rounds; round++)
        {
            string[] forms = Forms(country, round);
            var replies = await Racing.RunAsync(Callers, number => client.PostAsync($"contacts.json?urn={forms[number % 2]}", new { language = "spa" }));
            replies.Where(reply => reply.Status is not (200 or 201)).Select(reply => reply.Body).ShouldBeEmpty();
            replies.Count(reply => reply.Status == 201).ShouldBe(1);
            var uuid = replies.Select(reply => reply.Text("uuid")).Distinct().ShouldHaveSingleItem();
            foreach (var form in forms)
                (await client.GetAsync($"contacts.json?urn={form}")).Results.ShouldHaveSingleItem()!["uuid"]!.ToString().ShouldBe(uuid);
        }

        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task Both_forms_in_bulk_calls_at_once_make_one_contact_each()
    {
        using var client = await ClientAsync(isOneNumber: true);
        var numbers = Enumerable.Range(0, 20).Select(number => Forms("tel:+52", number)).ToList();
        var replies = await Racing.RunAsync(4, caller => client.PostAsync(
            "contacts_bulk.json", new { contacts = numbers.Select(forms => new { urn = forms[caller % 2], name = "Ana" }).ToList() }));
        replies.Select(reply => reply.Status).ShouldAllBe(status => status == 200);
        replies.SelectMany(reply => reply.Results).Count(result => (int)result!["status"]! == 201).ShouldBe(numbers.Count);
        (await client.GetAsync("contacts.json")).Results.Count.ShouldBe(numbers.Count);
        await server.ShouldBeConsistentAsync();
    }

    [Fact]
    public async Task When_both_are_allowed_both_are_made()
    {
        using var client = await ClientAsync(isOneNumber: false);
        string[] forms = Forms("tel:%2B52", 1);
        var replies = await Racing.RunAsync(2, number => client.PostAsync($"contacts.json?urn={forms[number]}", new { name = "Ana" }));
        replies.Select(reply => reply.Status).ShouldBe([201, 201]);
    }

    private async Task<WeniClient> ClientAsync(bool isOneNumber) =>
        new(server, await server.NewWorkspaceAsync(settings => settings.MexicanPrefix = isOneNumber));

    private static string[] Forms(string country, int number)
    {
        var national = (5500000000 + number).ToString(CultureInfo.InvariantCulture);
        return [$"{country}{national}", $"{country}1{national}"];
    }
}
