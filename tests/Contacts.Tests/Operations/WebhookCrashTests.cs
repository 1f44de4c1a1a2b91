using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Contacts.Tests.Support;

namespace Contacts.Tests.Operations;

/// <summary>The server and its PostgreSQL are killed in the middle of a burst.</summary>
[Trait("Needs", "PostgresPrograms")]
[Collection("processes")]
public sealed class WebhookCrashTests : IDisposable
{
    private const int Changes = 5_000;
    private const int AtOnce = 32;

    private readonly string _data = Directory.CreateTempSubdirectory("contacts-test-").FullName;

    [Fact]
    public async Task Every_committed_change_arrives_and_no_other()
    {
        await using var receiver = await Receiver.StartAsync();
        var numbers = new ConcurrentQueue<int>(Enumerable.Range(0, Changes));
        var server = await ContactsProcess.ServeAsync(_data);
        try
        {
            using (var http = server.Client())
            {
                using var made = await http.PostAsJsonAsync("/manage/api/webhooks", new { name = "Crash", url = receiver.Url, events = new[] { "*" } });
                made.StatusCode.ShouldBe(HttpStatusCode.Created, "the quick start allows loopback");
                var burst = UpsertAsync(http, numbers);
                await Eventually.BecomesTrueAsync(() => Changes - numbers.Count > 1_500 && receiver.All.Length > 100, "the burst is under way");
                await ContactsProcess.SignalAsync("KILL", PostgresProcess.IdOf(_data));
                await server.SignalAsync("KILL");
                await burst;
            }

            numbers.ShouldNotBeEmpty();
            await server.ExitAsync();
            await server.DisposeAsync();
            server = await ContactsProcess.ServeAsync(_data);
            using var after = server.Client();
            await UpsertAsync(after, numbers);
            numbers.ShouldBeEmpty();
            var book = await ReadAsync(after);
            book.Count.ShouldBe(Changes);
            await Eventually.BecomesTrueAsync(() => Created(receiver).Count >= Changes, "all are told");
            var created = Created(receiver);
            book.SetEquals(created.Keys).ShouldBeTrue("of no other contact is anything told");
            created.Values.All(deliveries => deliveries.Length == 1).ShouldBeTrue("what is sent again has the same delivery id");
            receiver.All.Select(told => told.Event).Distinct(StringComparer.Ordinal).ShouldBe(["contact.created"]);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    /// <summary>Sends what is in the queue; what gets no answer goes back into it, and ends its sender.</summary>
    private static Task UpsertAsync(HttpClient http, ConcurrentQueue<int> numbers) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
    {
        while (numbers.TryDequeue(out var number))
        {
            try
            {
                using var response = await http.PostAsJsonAsync($"/api/v2/contacts.json?urn=ext:{number}", new { name = $"Name {number}" });
                if (response.IsSuccessStatusCode)
                    continue;
            }
            catch (HttpRequestException)
            {
                // The server was killed.
            }

            numbers.Enqueue(number);
            return;
        }
    }));

    /// <summary>The uuids of all contacts.</summary>
    private static async Task<HashSet<string>> ReadAsync(HttpClient http)
    {
        var uuids = new HashSet<string>(StringComparer.Ordinal);
        for (var next = "/api/v2/contacts.json"; next is not null;)
        {
            using var page = JsonDocument.Parse(await http.GetStringAsync(new Uri(next, UriKind.RelativeOrAbsolute)));
            foreach (var contact in page.RootElement.GetProperty("results").EnumerateArray())
                uuids.Add(contact.GetProperty("uuid").GetString()!);
            next = page.RootElement.GetProperty("next").GetString();
        }

        return uuids;
    }

    /// <summary>By contact: the ids of the deliveries that told of it.</summary>
    private static Dictionary<string, string[]> Created(Receiver receiver) => receiver.All.GroupBy(told => told.ContactId, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Select(told => told.DeliveryId).Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
}
