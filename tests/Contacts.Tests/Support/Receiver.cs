using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Contacts.Tests.Support;

/// <summary>A request that a receiver got.</summary>
/// <param name="Body">The body, byte by byte.</param>
/// <param name="Headers">The headers, by their names in lower case.</param>
public sealed record Received(byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body as JSON.</summary>
    public JsonNode Json { get; } = JsonNode.Parse(Body)!;

    /// <summary>The name of the event.</summary>
    public string Event => Json["event"]!.ToString();

    /// <summary>A text of the event's data, or null.</summary>
    public string? Data(string attribute) => Json["data"]![attribute]?.ToString();

    /// <summary>The contact that it is about.</summary>
    public string ContactId => Data("contact_id")!;

    /// <summary>The delivery's id.</summary>
    public string DeliveryId => Headers["x-webhook-delivery-id"];
}

/// <summary>Somebody else's server that events are sent to: real HTTP on loopback, which answers as it is told.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _all = new();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>How it answers; 200 at once unless a test says otherwise.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Where it listens.</summary>
    public string Url => _app.Urls.First() + "/hooks";

    /// <summary>What came so far, in the order in which it came.</summary>
    public Received[] All => [.. _all];

    /// <summary>What came since it was asked last, in the order in which it came; it is forgotten.</summary>
    public IReadOnlyList<Received> Take()
    {
        var taken = new List<Received>();
        while (_all.TryDequeue(out var received))
            taken.Add(received);
        return taken;
    }

    /// <summary>Starts one.</summary>
    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Answers everything with a status.</summary>
    public void AnswerWith(int status) => Answer = (_, context) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Waits until so many requests came, and answers them.</summary>
    public async Task<Received[]> UntilAsync(int count)
    {
        var since = Stopwatch.GetTimestamp();
        while (_all.Count < count)
        {
            Stopwatch.GetElapsedTime(since).ShouldBeLessThan(Patience, $"{count} requests should come, and {_all.Count} came");
            await Task.Delay(5);
        }

        return All;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);
        var received = new Received(body.ToArray(), headers);
        _all.Enqueue(received);
        await Answer(received, context);
    }
}
