using System.Globalization;
using System.Text.Json.Nodes;

namespace Contacts.Tests.Reliability;

/// <summary>A contact as the book answers it.</summary>
/// <param name="Uuid">Its uuid.</param>
/// <param name="Name">Its name.</param>
/// <param name="Language">Its language.</param>
/// <param name="Serial">The value of its field.</param>
/// <param name="Groups">The names of its groups, in order.</param>
internal sealed record BookContact(string Uuid, string? Name, string? Language, string? Serial, string[] Groups)
{
    /// <summary>What it holds; null when its parts are not those of one write.</summary>
    /// <param name="urn">Its URN.</param>
    public Face? FaceOf(string urn)
    {
        if (!int.TryParse(Serial, CultureInfo.InvariantCulture, out var version))
            return null;
        var face = new Face(version, Groups.Contains(Face.Groups[^1]));
        return Name == face.NameOf(urn) && Language == face.Language && Groups.SequenceEqual(face.InGroups) ? face : null;
    }
}

/// <summary>The whole book, read through the API.</summary>
/// <param name="Contacts">The contacts, by URN.</param>
/// <param name="Counts">The groups' counts, by name.</param>
internal sealed record Book(IReadOnlyDictionary<string, BookContact> Contacts, IReadOnlyDictionary<string, int> Counts)
{
    /// <summary>Reads it.</summary>
    public static async Task<Book> ReadAsync(HttpClient client)
    {
        var contacts = new Dictionary<string, BookContact>(StringComparer.Ordinal);
        await foreach (var contact in WalkAsync(client, "/api/v2/contacts.json"))
        {
            contacts.Add(contact["urns"]!.AsArray().ShouldHaveSingleItem()!.ToString(), new BookContact(
                contact["uuid"]!.ToString(),
                contact["name"]?.ToString(),
                contact["language"]?.ToString(),
                contact["fields"]!["serial"]?.ToString(),
                [.. contact["groups"]!.AsArray().Select(group => group!["name"]!.ToString()).Order(StringComparer.Ordinal)]));
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var group in WalkAsync(client, "/api/v2/groups.json"))
            counts.Add(group["name"]!.ToString(), group["count"]!.GetValue<int>());
        return new Book(contacts, counts);
    }

    private static async IAsyncEnumerable<JsonNode> WalkAsync(HttpClient client, string path)
    {
        for (var next = path; next is not null;)
        {
            var page = JsonNode.Parse(await client.GetStringAsync(new Uri(next, UriKind.RelativeOrAbsolute)))!;
            foreach (var item in page["results"]!.AsArray())
                yield return item!;
            next = page["next"]?.ToString();
        }
    }
}
