using System.Diagnostics;
using System.Text;

namespace Contacts.Tests.Hostile;

/// <summary>One client that sends changed requests, one after the other, and looks at each answer.</summary>
/// <param name="address">The server.</param>
/// <param name="authorization">Its header.</param>
/// <param name="next">Good requests, or nearly.</param>
/// <param name="mutator">Changes them.</param>
/// <param name="live">Learns from the answers.</param>
/// <param name="report">Takes the answers.</param>
internal sealed class ApiLane(string address, string authorization, Func<Specimen> next, Mutator mutator, LiveValues live, FuzzReport report) : IDisposable
{
    // Contacts:MaxBodyBytes, unless it is set.
    private const int LargestBody = 5_000_000;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
    })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Sends a number of requests.</summary>
    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await TakeAsync(mutator.Mutate(next()).Tamed());
    }

    /// <summary>Sends a request and takes its answer. What was slow is sent again: only what is slow twice is a fault.</summary>
    public async Task TakeAsync(Specimen specimen)
    {
        try
        {
            var reply = await SendAsync(specimen);
            var fault = Verdict.FaultOf(specimen, reply);

            // This one is asked to wait.
            var waits = specimen.Origin.EndsWith("waitForCalls", StringComparison.Ordinal);
            if (fault is null && !waits && reply.Elapsed > FuzzReport.Patience && (await SendAsync(specimen)).Elapsed > FuzzReport.Patience)
                fault = $"slow: {reply.Elapsed.TotalSeconds:0.0} s";
            report.Add(reply.Status, waits ? TimeSpan.Zero : reply.Elapsed, specimen.ToString, fault is null ? null : $"{fault}\nanswered {reply.Status} {reply.Body}");
            if (reply.Status is >= 200 and < 300)
                live.Learn(reply.Body);
        }
        catch (HttpRequestException) when (specimen.Body?.Length > LargestBody)
        {
            // The server hangs up on what is too large; whether its answer is seen before that is chance.
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or FormatException)
        {
            report.AddFault($"{error}\n{specimen}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HostileReply> SendAsync(Specimen specimen)
    {
        using var request = specimen.Request(address, authorization);
        var start = Stopwatch.GetTimestamp();
        using var response = await _http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        return new HostileReply(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            Encoding.UTF8.GetString(body),
            response.Headers.RetryAfter is not null,
            Stopwatch.GetElapsedTime(start));
    }
}
