using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Contacts.Operations;

/// <summary>What every server needs whatever it serves: limits, log lines, request ids, health.</summary>
internal static class Setup
{
    private const int FormSlack = 5_000_000;
    private const int FormValues = 25_000;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    /// <summary>Addresses, limits and logging.</summary>
    public static void AddOperations(this WebApplicationBuilder builder, ServerSettings settings)
    {
        Logs.AddTo(builder.Logging, settings.LogsJson);
        builder.WebHost.UseUrls(settings.Urls);
        builder.WebHost.ConfigureKestrel(kestrel => settings.Limits.Apply(kestrel, settings.MaxBodyBytes));

        // A file that is too large is told so on its page, as far as it is not much too large. A contact's form has all fields and groups.
        builder.Services.Configure<FormOptions>(form =>
        {
            form.MultipartBodyLengthLimit = settings.Imports.MaxBytes + FormSlack;
            form.ValueCountLimit = FormValues;
        });
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded => Believe(forwarded, settings.Proxies));
        builder.Services.AddHostedService<IdleMemory>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopPatience);
        if (!string.IsNullOrEmpty(builder.Configuration[Telemetry.EndpointKey]))
            builder.Services.AddHostedService<Telemetry>();
    }

    /// <summary>What every request passes first.</summary>
    public static void UseOperations(this IApplicationBuilder app)
    {
        // With no proxy named, the middleware would believe everybody: it is left out.
        if (app.ApplicationServices.GetRequiredService<IOptions<ForwardedHeadersOptions>>().Value.ForwardedHeaders != ForwardedHeaders.None)
            app.UseForwardedHeaders();
        app.UseMiddleware<RequestIds>().UseMiddleware<SafeHeaders>().UseMiddleware<RequestLines>().UseMiddleware<Faults>().UseMiddleware<OneLength>();
    }

    private static void Believe(ForwardedHeadersOptions forwarded, IReadOnlyList<IPNetwork> proxies)
    {
        // Loopback is no exception: what runs on the same machine is believed when it is named.
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in proxies)
            forwarded.KnownIPNetworks.Add(network);
        forwarded.ForwardedHeaders = proxies.Count > 0 ? ForwardedHeaders.All : ForwardedHeaders.None;

        // Proxies behind proxies: as far as each of them is named.
        forwarded.ForwardLimit = null;
    }

    /// <summary><c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", Health.LiveAsync).ExcludeFromDescription();
        app.MapGet("/health/ready", Health.ReadyAsync).ExcludeFromDescription();
    }
}
