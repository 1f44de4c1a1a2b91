using System.Net.Http.Headers;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Contacts.Tests.Support;

/// <summary>A workspace and the key of its administrator.</summary>
public sealed record TestWorkspace(Guid Id, string Token);

/// <summary>
/// The real server on real Kestrel, on a loopback port that the system chose, with a database of its own. A class fixture, or a collection's.
/// Derive from it to change settings.
/// </summary>
public class TestServer : IAsyncLifetime, IAsyncDisposable
{
    private Factory? _factory;

    /// <summary>Where the server listens: <c>http://127.0.0.1:41234</c>, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The database's connection string.</summary>
    public string Database { get; private set; } = "";

    /// <summary>The server's services.</summary>
    public IServiceProvider Services => (_factory ?? throw new InvalidOperationException("The server is not started.")).Services;

    /// <summary>A client without credentials that follows no redirect.</summary>
    public HttpClient Client { get; private set; } = new();

    /// <summary>The clock of the server; the system's unless a class says otherwise.</summary>
    protected virtual TimeProvider Clock => TimeProvider.System;

    /// <summary>Settings of the server, by their configuration keys.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the server does its background work; a test that counts statements wants none between them.</summary>
    protected virtual bool WorksInBackground => true;

    public async Task InitializeAsync()
    {
        Database = await TestPostgres.CreateDatabaseAsync();
        _factory = new Factory(Database, Settings, Clock, WorksInBackground);
        _factory.UseKestrel(0);
        _factory.StartServer();
        Address = _factory.ClientOptions.BaseAddress.GetLeftPart(UriPartial.Authority).Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        Client = NewClient();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Client.Dispose();
        if (_factory is not { } factory)
            return;
        _factory = null;
        await factory.DisposeAsync();
        await TestPostgres.DropAsync(Database);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    /// <summary>A client, with a token when one is given.</summary>
    public HttpClient NewClient(string? token = null, bool followRedirects = false)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = followRedirects, UseProxy = false, UseCookies = false })
        {
            BaseAddress = new Uri(Address),
        };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", token);
        return client;
    }

    /// <summary>A new workspace, empty, with a token for its administrator.</summary>
    public async Task<TestWorkspace> NewWorkspaceAsync(Action<Workspace>? settings = null, Role role = Role.Administrator)
    {
        var workspaces = Services.GetRequiredService<WorkspaceService>();
        var made = await workspaces.CreateAsync("Test " + Guid.NewGuid().ToString("N"), settings, CancellationToken.None);
        var key = ApiToken.NewKey();
        var id = made.Value.ShouldNotBeNull().Id;
        await Services.GetRequiredService<TokenService>().AddAsync(id, key, role, "tests", CancellationToken.None);
        return new TestWorkspace(id, key);
    }

    /// <summary>The installation's first workspace, which the start made, with a token for an administrator.</summary>
    public async Task<TestWorkspace> FirstWorkspaceAsync()
    {
        var first = (await Services.GetRequiredService<WorkspaceService>().ListAsync(CancellationToken.None))[0];
        var key = ApiToken.NewKey();
        await Services.GetRequiredService<TokenService>().AddAsync(first.Id, key, Role.Administrator, "tests", CancellationToken.None);
        return new TestWorkspace(first.Id, key);
    }

    /// <summary>Runs one statement on the database, with parameters <c>{0}</c>, <c>{1}</c>, …; for what no public endpoint can do.</summary>
    public async Task ExecuteAsync(FormattableString sql)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<ContactsDb>>().CreateDbContextAsync();
        await db.Database.ExecuteSqlAsync(sql);
    }

    private sealed class Factory(string database, IReadOnlyDictionary<string, string> settings, TimeProvider clock, bool worksInBackground)
        : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting("ConnectionStrings:Contacts", database);
            builder.UseSetting("Logging:LogLevel:Default", "Error");

            // All tests come from one address.
            builder.UseSetting("Contacts:Keys:WrongPerMinute", "1000000");
            foreach (var (key, value) in settings)
                builder.UseSetting(key, value);
            builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton(clock)));
            if (!worksInBackground)
                builder.ConfigureTestServices(services => services.Where(IsOwnWork).ToList().ForEach(own => services.Remove(own)));
        }

        /// <summary>Kestrel is a hosted service as well, and not ours.</summary>
        private static bool IsOwnWork(ServiceDescriptor service) =>
            service.ServiceType == typeof(IHostedService)
            && (service.ImplementationType?.Assembly ?? service.ImplementationFactory?.Method.Module.Assembly) == typeof(ContactsDb).Assembly;
    }
}
