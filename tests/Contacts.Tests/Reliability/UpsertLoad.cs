using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Contacts.Tests.Operations;

namespace Contacts.Tests.Reliability;

/// <summary>A call and what came of it.</summary>
/// <param name="Urn">The URN of the contact that it makes or changes.</param>
/// <param name="Status">The status; null when the connection was lost.</param>
/// <param name="Began">The timestamp at which it was sent.</param>
/// <param name="Took">How long it took.</param>
/// <param name="IsWellFormed">Whether a refusal had Retry-After and the dialect's body.</param>
internal sealed record LoadCall(string Urn, HttpStatusCode? Status, long Began, TimeSpan Took, bool IsWellFormed);

/// <summary>Clients that make contacts, each one a new one, for as long as they may, and remember every answer.</summary>
internal sealed class UpsertLoad : IAsyncDisposable
{
    private const int Attempts = 3;

    private readonly ContactsProcess _server;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<LoadCall> _calls = new();
    private readonly Task _work;
    private readonly string _name;
    private int _sent;

    private UpsertLoad(ContactsProcess server, int clients, string name)
    {
        (_server, _name) = (server, name);
        _work = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(SendAsync)));
    }

    /// <summary>The calls that were answered so far.</summary>
    public LoadCall[] Calls => [.. _calls];

    /// <summary>How many were done.</summary>
    public int Done => _calls.Count(call => IsDone(call));

    /// <summary>Begins.</summary>
    /// <param name="server">The server.</param>
    /// <param name="clients">How many at once.</param>
    /// <param name="name">What its URNs begin with.</param>
    public static UpsertLoad Start(ContactsProcess server, int clients, string name = "load") => new(server, clients, name);

    /// <summary>Whether a call was answered with 200 or 201.</summary>
    public static bool IsDone(LoadCall call) => call.Status is HttpStatusCode.OK or HttpStatusCode.Created;

    /// <summary>Ends the load, each call with its answer.</summary>
    public async Task<LoadCall[]> EndAsync()
    {
        await _end.CancelAsync();
        await _work;
        return Calls;
    }

    /// <summary>Waits for an answer to a call that was sent after this was called.</summary>
    /// <returns>How long after.</returns>
    public async Task<TimeSpan> UntilAsync(Func<LoadCall, bool> wanted, string what)
    {
        var since = Stopwatch.GetTimestamp();
        LoadCall? found = null;
        await Eventually.BecomesTrueAsync(() => (found = _calls.FirstOrDefault(call => call.Began >= since && wanted(call))) is not null, what);
        return Stopwatch.GetElapsedTime(since, found!.Began) + found.Took;
    }

    /// <summary>Holds the answers against the book: what was done is there, once.</summary>
    /// <returns>How many contacts were held against it.</returns>
    public async Task<int> ShouldBeInTheBookAsync()
    {
        using var http = _server.Client();
        var stored = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var next = "/api/v2/contacts.json"; next is not null;)
        {
            using var page = JsonDocument.Parse(await ReadAsync(http, new Uri(next, UriKind.RelativeOrAbsolute)));
            foreach (var urn in page.RootElement.GetProperty("results").EnumerateArray().SelectMany(contact => contact.GetProperty("urns").EnumerateArray()))
                stored[urn.GetString()!] = stored.GetValueOrDefault(urn.GetString()!) + 1;
            next = page.RootElement.GetProperty("next").GetString();
        }

        var done = Calls.Where(IsDone).ToList();
        done.Where(call => stored.GetValueOrDefault(call.Urn) != 1).Select(call => call.Urn).ShouldBeEmpty("what was acknowledged is in the book, once");
        return done.Count;
    }

    /// <summary>A connection that was cut while nobody used it is noticed by the first call that gets it: that one is sent again, as its answer says.</summary>
    private static async Task<string> ReadAsync(HttpClient http, Uri page)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var response = await http.GetAsync(page);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == Attempts)
                return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
            await Task.Delay(response.Headers.RetryAfter!.Delta!.Value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    private async Task SendAsync()
    {
        using var http = _server.Client();
        while (!_end.IsCancellationRequested)
        {
            var urn = string.Create(CultureInfo.InvariantCulture, $"ext:{_name}-{Interlocked.Increment(ref _sent)}");
            var began = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await http.PostAsJsonAsync($"/api/v2/contacts.json?urn={urn}", new { name = urn });
                var body = await answer.Content.ReadAsStringAsync();
                var isWellFormed = answer.IsSuccessStatusCode || (answer.Headers.RetryAfter is not null && body.Contains("\"detail\"", StringComparison.Ordinal));
                _calls.Enqueue(new LoadCall(urn, answer.StatusCode, began, Stopwatch.GetElapsedTime(began), isWellFormed));
            }
            catch (HttpRequestException)
            {
                _calls.Enqueue(new LoadCall(urn, null, began, Stopwatch.GetElapsedTime(began), false));
            }

            // A refused client waits as a rule; one that does not would only measure how fast refusals are.
            if (!IsDone(_calls.Last()))
                await Task.Delay(20);
        }
    }
}
