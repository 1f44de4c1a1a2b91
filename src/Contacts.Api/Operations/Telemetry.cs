using System.Diagnostics;
using Contacts.Core;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Contacts.Operations;

/// <summary>
/// Sends metrics and traces by OTLP to the address that <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names; without one nothing is collected. Everything else about it
/// is set by OpenTelemetry's own variables (protocol, headers, sampling). What leaves has no token, no query string and no value of a statement.
/// </summary>
/// <param name="configuration">Where the address is.</param>
internal sealed class Telemetry(IConfiguration configuration) : IHostedService, IDisposable
{
    /// <summary>The variable that switches it on.</summary>
    public const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ProtocolKey = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Service = "contacts";

    // Milliseconds for what was not sent yet: a busy machine needs some, a collector that says nothing must not hold up the stop.
    private const int Patience = 5_000;

    // Traces that the framework and the driver make by themselves.
    private static readonly string[] Sources = ["Microsoft.AspNetCore", "Npgsql", "System.Net.Http"];

    private static readonly string[] Meters =
    [
        Measures.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Net.Http", "System.Runtime",
    ];

    private MeterProvider? _meters;
    private TracerProvider? _tracers;

    /// <summary>
    /// Gives the framework's span of a call the names of OpenTelemetry's conventions: the library that would do so is not in our package source. The route stands
    /// for the path, which may hold an id.
    /// </summary>
    /// <param name="span">The span; null when nobody collects any.</param>
    /// <param name="context">The call, answered.</param>
    public static void Describe(Activity? span, HttpContext context)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} /{route.TrimStart('/')}";
        span.SetTag("http.request.method", context.Request.Method);
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        span.SetTag("request.id", context.TraceIdentifier);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meters = Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe).AddMeter(Meters).AddOtlpExporter(to => Address(to, "metrics")).Build();
        _tracers = Sdk.CreateTracerProviderBuilder().ConfigureResource(Describe).AddSource(Sources).AddProcessor(new Discretion())
            .AddOtlpExporter(to => Address(to, "traces")).Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            Task.Run(() => _meters?.Shutdown(Patience), CancellationToken.None),
            Task.Run(() => _tracers?.Shutdown(Patience), CancellationToken.None));

    /// <inheritdoc />
    public void Dispose()
    {
        _meters?.Dispose();
        _tracers?.Dispose();
    }

    /// <summary>The exporter knows the environment alone; this takes appsettings.json and the command line into account as well.</summary>
    private void Address(OtlpExporterOptions to, string signal)
    {
        var endpoint = configuration[EndpointKey]!.TrimEnd('/');
        var isGrpc = configuration[ProtocolKey] == "grpc";
        to.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        to.Endpoint = new Uri(isGrpc ? endpoint : $"{endpoint}/v1/{signal}");
    }

    private static void Describe(ResourceBuilder resource) =>
        resource.AddService(Service, serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3)).AddEnvironmentVariableDetector();

    /// <summary>Takes out of spans what may hold addresses or keys: the query of a call, and the whole address of a request that we make.</summary>
    private sealed class Discretion : BaseProcessor<Activity>
    {
        private static readonly string[] Private = ["url.query", "url.full", "http.url", "http.target", "db.statement.parameters"];

        public override void OnEnd(Activity data)
        {
            foreach (var tag in Private)
            {
                if (data.GetTagItem(tag) is not null)
                    data.SetTag(tag, null);
            }
        }
    }
}
