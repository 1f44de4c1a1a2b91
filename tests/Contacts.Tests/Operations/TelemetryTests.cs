using System.Collections.Concurrent;
using System.Text;
using Contacts.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Contacts.Tests.Operations;

/// <summary>What leaves by OTLP when an address is named, as a collector gets it.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();
    private WebApplication _collector = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _collector = builder.Build();
        _collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);

            // Texts stand in Protobuf as they are, so they can be looked for without its schema.
            _received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
        });
        await _collector.StartAsync();
    }

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public async Task Metrics_and_traces_reach_a_collector_and_tell_no_secret()
    {
        string token;
        await using (var server = new ObservedServer(_collector.Urls.First()))
        {
            await server.InitializeAsync();
            var workspace = await server.NewWorkspaceAsync();
            token = workspace.Token;
            using var client = server.NewClient(token);
            using var body = new StringContent("""{"name":"Secretive Person"}""", Encoding.UTF8, "application/json");
            (await client.PostAsync("/api/v2/contacts.json?urn=tel:%2B250788123123", body)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Created);
        }

        var metrics = string.Concat(_received.Where(sent => sent.Path == "/v1/metrics").Select(sent => sent.Body));
        metrics.ShouldContain("contacts.batch.changes");
        metrics.ShouldContain("http.server.request.duration");
        metrics.ShouldContain("db.client");
        var traces = string.Concat(_received.Where(sent => sent.Path == "/v1/traces").Select(sent => sent.Body));
        traces.ShouldContain("POST /api/v2/contacts.json");
        traces.ShouldContain("postgresql");
        foreach (var secret in new[] { token, "250788123123", "Secretive" })
            (metrics + traces).ShouldNotContain(secret);
    }

    private sealed class ObservedServer(string collector) : TestServer
    {
        protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };
    }
}
