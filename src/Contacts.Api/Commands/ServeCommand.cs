using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Contacts.Console;
using Contacts.Data.LocalPostgres;
using Contacts.Operations;
using Contacts.Workspaces;
using Npgsql;

namespace Contacts.Commands;

/// <summary><c>serve</c>: the server, with a private PostgreSQL when no connection string is given.</summary>
internal sealed class ServeCommand
{
    private readonly SettingOptions _options;
    private readonly BuildServer _build;

    /// <summary>The command.</summary>
    public ServeCommand(SettingOptions options, BuildServer build)
    {
        _options = options;
        _build = build;
        Command = new Command("serve", "Serves the book (the default).");
        options.AddTo(Command, Setting.All);
        Command.SetAction(RunAsync);
    }

    /// <summary>The command.</summary>
    public Command Command { get; }

    /// <summary>Serves until a signal asks to stop.</summary>
    /// <returns>0 when asked to stop, 1 when PostgreSQL ended by itself.</returns>
    public async Task<int> RunAsync(ParseResult command, CancellationToken cancellation)
    {
        var builder = _options.Builder(command);
        var settings = ServerSettings.Read(builder.Configuration);
        if (settings.ConnectionString is { } connection)
            return await ServeAsync(builder, settings, connection, null, cancellation);

        using var loggers = LoggerFactory.Create(logging =>
        {
            logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
            Logs.AddTo(logging, settings.LogsJson);
        });
        var options = new LocalPostgresOptions { DataFolder = settings.DataFolder, Share = true };
        await using var postgres = await LocalPostgres.StartAsync(options, loggers.CreateLogger<LocalPostgres>(), cancellation);
        return await ServeAsync(builder, settings, postgres.ConnectionString, postgres, cancellation);
    }

    private async Task<int> ServeAsync(
        WebApplicationBuilder builder, ServerSettings settings, string connection, LocalPostgres? postgres, CancellationToken cancellation)
    {
        await using var server = _build(builder, settings, connection);
        var first = await PrepareAsync(server, settings, postgres is not null, cancellation);
        await ListenAsync(server, settings, cancellation);
        if (postgres is not null && server.Urls.All(IsLoopback))
            first = first with { Link = await LinkAsync(server.Services, first.Key, cancellation) };
        await System.Console.Out.WriteAsync(Welcome.Text(server.Urls, first));
        await System.Console.Out.FlushAsync(cancellation);

        var stopped = server.WaitForShutdownAsync(cancellation);
        if (postgres is null || await Task.WhenAny(stopped, postgres.Exited) == stopped)
        {
            await stopped;
            return 0;
        }

        server.Logger.LogCritical("PostgreSQL ended by itself; the server stops");
        await server.StopAsync(cancellation);
        return 1;
    }

    /// <summary>Brings the schema up to date and makes the first workspace.</summary>
    private static async Task<FirstStart> PrepareAsync(WebApplication server, ServerSettings settings, bool isLocal, CancellationToken cancellation)
    {
        try
        {
            await OpenBook.MigrateAsync(server.Services, cancellation);
        }
        catch (NpgsqlException e) when (!isLocal)
        {
            throw ServerSettings.DatabaseUnusable(e);
        }

        var first = await ActivatorUtilities.CreateInstance<FirstWorkspace>(server.Services).EnsureAsync(settings, isLocal, cancellation);
        return settings.SeedFile is { } file
            ? first with { Seed = await ActivatorUtilities.CreateInstance<SeedFile>(server.Services).PlantAsync(file, first.Workspace, cancellation) }
            : first;
    }

    /// <summary>Whoever reads the start's output on this machine has the token itself there; the link only spares its pasting.</summary>
    private static async Task<string?> LinkAsync(IServiceProvider services, string? key, CancellationToken cancellation) =>
        key is not null && await services.GetRequiredService<Callers>().FindAsync(key, cancellation) is { } caller
            ? await services.GetRequiredService<Sessions>().OfferAsync(caller, cancellation)
            : null;

    private static bool IsLoopback(string url) =>
        BindingAddress.Parse(url).Host is var host && (host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));

    private static async Task ListenAsync(WebApplication server, ServerSettings settings, CancellationToken cancellation)
    {
        try
        {
            await server.StartAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // What has started already ends before the database does.
            await server.StopAsync(CancellationToken.None);
            throw new StartRefusedException($"{Setting.Urls}: cannot listen on {string.Join(';', settings.Urls)}: {e.Message}", e);
        }
    }
}
