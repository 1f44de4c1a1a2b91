using Contacts.Tests.Support;

namespace Contacts.Tests.Weni;

/// <summary>
/// A CRM that tells the book of 500 customers by webhook-like calls: some are repeated, some come in another order than they happened.
/// A plain model in memory follows; at the end the book, asked through the API alone, says what the model says.
/// </summary>
public sealed class ConversationTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Customers = 500;
    private const int Rounds = 4;

    // A failure comes again with the same seed.
    private const int Seed = 1871;

    [Fact]
    public async Task A_session_ends_in_the_state_that_a_model_predicts()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        await client.MakeAsync("fields.json", new { label = "Plan", value_type = "text" });
        await client.MakeAsync("fields.json", new { label = "Orders", value_type = "numeric" });
        foreach (var group in CrmSession.Groups)
            await client.MakeAsync("groups.json", new { name = group });

        var session = new CrmSession(client, new Random(Seed));
        await session.TakeAsync(Customers, Rounds);

        session.Calls.ShouldBeGreaterThan(Customers * Rounds, "some calls are repeated");
        session.Book.Count.ShouldBeInRange(Customers / 2, Customers - 1, "some customers are deleted, most are not");
        (await ReadAsync(client)).ShouldBe(session.Book.Values.Select(customer => customer.ToString()).Order(StringComparer.Ordinal));
        await ShouldCountAsync(client, session.Book.Values);
        foreach (var customer in session.Book.Values.Where(customer => customer.Phone is not null).Take(50))
            Customer.LineOf((await client.GetAsync($"contacts.json?urn={Uri.EscapeDataString(customer.Phone!)}")).Results.ShouldHaveSingleItem()!)
                .ShouldBe(customer.ToString());
    }

    private static async Task<List<string>> ReadAsync(WeniClient client)
    {
        var lines = new List<string>();
        for (string? path = "contacts.json"; path is not null;)
        {
            var page = await client.GetAsync(path);
            lines.AddRange(page.Results.Select(contact => Customer.LineOf(contact!)));
            path = page.Text("next")?.Split("/api/v2/")[1];
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    private static async Task ShouldCountAsync(WeniClient client, IEnumerable<Customer> customers)
    {
        var counts = (await client.GetAsync("groups.json")).Results.ToDictionary(group => group!["name"]!.ToString(), group => (int)group!["count"]!, StringComparer.Ordinal);
        counts.ShouldBe(
            CrmSession.Groups.ToDictionary(group => group, group => customers.Count(customer => customer.Groups.Contains(group)), StringComparer.Ordinal),
            ignoreOrder: true);
    }
}
