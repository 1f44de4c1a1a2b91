using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Contacts.Tests.Support;

namespace Contacts.Tests.Reliability;

/// <summary>Many clients' random calls about a few contacts, through several servers, with the moments of each.</summary>
/// <param name="servers">A client of each server, all of one workspace.</param>
/// <param name="groups">The uuids of the groups that contacts join and leave.</param>
internal sealed class ContactHistory(IReadOnlyList<WeniClient> servers, IReadOnlyList<string> groups)
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ContactCall>> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _uuids = new(StringComparer.Ordinal);

    /// <summary>What was asked about each contact, by its URN.</summary>
    public IEnumerable<KeyValuePair<string, ConcurrentQueue<ContactCall>>> ByContact => _calls;

    /// <summary>Makes random calls, one after the other.</summary>
    /// <param name="urns">The contacts' URNs.</param>
    /// <param name="count">How many calls.</param>
    /// <param name="random">Chance, of this client alone.</param>
    public async Task CallAsync(IReadOnlyList<string> urns, int count, Random random)
    {
        for (var i = 0; i < count; i++)
        {
            var client = servers[random.Next(servers.Count)];
            var urn = urns[random.Next(urns.Count)];
            if (random.Next(12) == 0)
                await CallManyAsync(client, urns, random);
            else
                await CallOneAsync(client, urn, Choose(urn, random), random);
        }
    }

    private ContactCall Choose(string urn, Random random)
    {
        var kind = random.Next(100) switch
        {
            < 30 => CallKind.Upsert,
            < 36 => CallKind.Create,
            < 46 => CallKind.Update,
            < 56 => CallKind.Join,
            < 64 => CallKind.Leave,
            < 72 => CallKind.Delete,
            < 92 => CallKind.Read,
            _ => CallKind.ReadById,
        };
        var uuid = _uuids.GetValueOrDefault(urn);
        if (kind is CallKind.Update or CallKind.ReadById && uuid is null)
            kind = CallKind.Read;
        return kind switch
        {
            CallKind.Upsert or CallKind.Create or CallKind.Update => Wish(random) with { Kind = kind, Uuid = kind == CallKind.Update ? uuid : null },
            CallKind.Join or CallKind.Leave => new ContactCall(kind, 0, 0) { Groups = 1 << random.Next(groups.Count) },
            CallKind.ReadById => new ContactCall(kind, 0, 0) { Uuid = uuid },
            _ => new ContactCall(kind, 0, 0),
        };
    }

    /// <summary>Something to set: now one attribute, now another, now all together.</summary>
    private ContactCall Wish(Random random)
    {
        var what = random.Next(1, 8);
        return new ContactCall(CallKind.Upsert, 0, 0)
        {
            Name = (what & 1) != 0 ? $"Name {random.Next(1000)}" : null,
            Field = (what & 2) != 0 ? $"value {random.Next(1000)}" : null,
            Groups = (what & 4) != 0 ? random.Next(1 << groups.Count) : null,
        };
    }

    private async Task CallOneAsync(WeniClient client, string urn, ContactCall call, Random random)
    {
        // The other way to read goes past the shared look-ups.
        var list = random.Next(2) == 0 ? $"contacts.json?urn={urn}" : $"contacts.json?urn={urn}&after=2020-01-01";
        var started = Stopwatch.GetTimestamp();
        var reply = await (call.Kind switch
        {
            CallKind.Upsert => client.PostAsync($"contacts.json?urn={urn}", Body(call)),
            CallKind.Create => client.PostAsync("contacts.json", Body(call, ("urns", new JsonArray(urn)))),
            CallKind.Update => client.PostAsync($"contacts.json?uuid={call.Uuid}", Body(call)),
            CallKind.Join or CallKind.Leave => client.PostAsync(
                "contact_actions.json",
                new { contacts = new[] { urn }, action = call.Kind == CallKind.Join ? "add" : "remove", group = groups[call.Groups == 1 ? 0 : 1] }),
            CallKind.Delete => client.DeleteAsync($"contacts.json?urn={urn}"),
            CallKind.Read => client.GetAsync(list),
            _ => client.GetAsync($"contacts.json?uuid={call.Uuid}"),
        });
        var contact = reply.Status is 200 or 201 ? reply.Json!["results"] is JsonArray found ? found.FirstOrDefault() : reply.Json : null;
        Note(urn, call with { Started = started }, Stopwatch.GetTimestamp(), reply.Status, contact, reply.Body);
    }

    /// <summary>One call about all contacts: each of its items is a call about one.</summary>
    private async Task CallManyAsync(WeniClient client, IReadOnlyList<string> urns, Random random)
    {
        var wishes = urns.Select(_ => Wish(random)).ToList();
        var started = Stopwatch.GetTimestamp();
        var reply = await client.PostAsync("contacts_bulk.json", new { contacts = urns.Select((urn, i) => Body(wishes[i], ("urn", JsonValue.Create(urn)))) });
        var ended = Stopwatch.GetTimestamp();
        for (var i = 0; i < urns.Count; i++)
        {
            var item = reply.Status == 200 ? reply.Results[i] : null;
            Note(urns[i], wishes[i] with { Started = started }, ended, item?["status"]!.GetValue<int>() ?? reply.Status, item?["contact"], reply.Body);
        }
    }

    private void Note(string urn, ContactCall call, long ended, int status, JsonNode? contact, string body)
    {
        status.ShouldBeOneOf([200, 201, 204, 400, 404, 503], $"{call}: {body}");
        var answer = contact is null ? null : SeenIn(contact);
        if (answer is not null)
            _uuids[urn] = answer.Uuid!;

        // 503 leaves open whether it happened, and whether it still will.
        call = call with { Ended = status == 503 ? long.MaxValue : ended, Status = status, Answer = answer };
        _calls.GetOrAdd(urn, static _ => new ConcurrentQueue<ContactCall>()).Enqueue(call);
    }

    private JsonObject Body(ContactCall call, params (string Name, JsonNode Value)[] more)
    {
        var body = new JsonObject();
        if (call.Name is { } name)
            body["name"] = name;
        if (call.Field is { } field)
            body["fields"] = new JsonObject { ["shade"] = field };
        if (call.Groups is { } wanted)
            body["groups"] = new JsonArray([.. groups.Where((_, i) => (wanted & (1 << i)) != 0).Select(group => (JsonNode)group)]);
        foreach (var (key, value) in more)
            body[key] = value;
        return body;
    }

    private Seen SeenIn(JsonNode contact) => new(
        contact["uuid"]!.ToString(),
        contact["name"]?.ToString(),
        contact["fields"]!["shade"]?.ToString(),
        contact["groups"]!.AsArray().Sum(group => 1 << groups.ToList().IndexOf(group!["uuid"]!.ToString())));
}
