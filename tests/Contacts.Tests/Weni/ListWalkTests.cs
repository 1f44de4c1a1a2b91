using Contacts.Tests.Support;

namespace Contacts.Tests.Weni;

/// <summary>Walking a list that other clients are writing to: whoever did not change comes exactly once, in order, in either direction.</summary>
public sealed class ListWalkTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Contacts = 2000;
    private const int PageSize = 50;

    [Theory]
    [InlineData("")]
    [InlineData("&reverse=true")]
    [InlineData("&order_by=modified_on")]
    [InlineData("&order_by=modified_on&reverse=true")]
    [InlineData("&order_by=created_on")]
    [InlineData("&order_by=created_on&reverse=true")]
    [InlineData("&order_by=-created_on")]
    [InlineData("&order_by=-created_on&reverse=true")]
    public async Task A_contact_that_does_not_change_is_neither_repeated_nor_dropped(string order)
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        var uuids = await MakeAsync(client);

        // Every third contact is changed or deleted by somebody else meanwhile; the others must not notice.
        var calm = uuids.Where((_, number) => number % 3 != 0).ToHashSet(StringComparer.Ordinal);
        var others = new Others(client, [.. uuids.Where(uuid => !calm.Contains(uuid))]);

        var forwards = await WalkAsync(client, $"contacts.json?limit={PageSize}{order}", "next", others);
        forwards.Uuids.Where(calm.Contains).ShouldBeUnique();
        forwards.Uuids.Where(calm.Contains).Count().ShouldBe(calm.Count, "nobody who stayed is dropped");

        var backwards = await WalkAsync(client, forwards.Last, "previous", others);
        backwards.Uuids.Where(calm.Contains).ShouldBe(forwards.Uuids.Where(calm.Contains).Reverse(), "the way back is the way there");
        others.Changed.ShouldBeGreaterThan(Contacts / PageSize);
    }

    [Fact]
    public async Task A_filtered_list_is_walked_the_same()
    {
        using var client = await WeniClient.OfNewWorkspaceAsync(server);
        await client.MakeAsync("groups.json", new { name = "Devs" });
        var uuids = await MakeAsync(client, "Devs");
        var calm = uuids.Where((_, number) => number % 3 != 0).ToHashSet(StringComparer.Ordinal);
        var others = new Others(client, [.. uuids.Where(uuid => !calm.Contains(uuid))]);
        var walked = await WalkAsync(client, $"contacts.json?limit={PageSize}&group=Devs&name=person", "next", others);
        walked.Uuids.Where(calm.Contains).ShouldBeUnique();
        walked.Uuids.Where(calm.Contains).Count().ShouldBe(calm.Count);
    }

    private static async Task<List<string>> MakeAsync(WeniClient client, params string[] groups)
    {
        var uuids = new List<string>(Contacts);
        foreach (var chunk in Enumerable.Range(0, Contacts).Chunk(1000))
        {
            var reply = await client.PostAsync("contacts_bulk.json", new { contacts = chunk.Select(number => new { name = $"Person {number}", groups }).ToList() });
            reply.Status.ShouldBe(200, reply.Body);
            uuids.AddRange(reply.Results.Select(result => result!["contact"]!["uuid"]!.ToString()));
        }

        return uuids;
    }

    /// <summary>Follows a link from page to page; between two pages others write.</summary>
    private static async Task<(List<string> Uuids, string Last)> WalkAsync(WeniClient client, string first, string link, Others others)
    {
        var uuids = new List<string>(Contacts);
        for (var path = first; ;)
        {
            var page = await client.GetAsync(path);
            page.Status.ShouldBe(200, page.Body);
            page.Results.Count.ShouldBeLessThanOrEqualTo(PageSize);
            var names = page.Results.Select(contact => contact!["uuid"]!.ToString());
            uuids.AddRange(link == "next" ? names : names.Reverse());
            if (page.Text(link) is not { } url)
                return (uuids, path);
            path = url.Split("/api/v2/")[1];
            await others.WriteAsync();
        }
    }

    /// <summary>Other clients: they change, delete and create.</summary>
    private sealed class Others(WeniClient client, IReadOnlyList<string> uuids)
    {
        // A fixed seed, so that a failure comes again.
        private readonly Random _random = new(20261120);
        private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);

        public int Changed { get; private set; }

        public async Task WriteAsync()
        {
            var uuid = uuids[_random.Next(uuids.Count)];
            if (!_deleted.Contains(uuid))
                (await client.PostAsync($"contacts.json?uuid={uuid}", new { language = Changed % 2 == 0 ? "por" : "eng" })).Status.ShouldBe(200);
            var gone = uuids[_random.Next(uuids.Count)];
            if (_deleted.Add(gone))
                (await client.DeleteAsync($"contacts.json?uuid={gone}")).Status.ShouldBe(204);
            await client.MakeAsync("contacts.json", new { name = $"Newcomer {Changed}" });
            Changed++;
        }
    }
}
