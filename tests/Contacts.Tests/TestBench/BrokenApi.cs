using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.TestBench;

/// <summary>An answer, and how long it took; status 0 when the connection was cut.</summary>
internal sealed record BrokenAnswer(int Status, string Body, string? Fault, string? RetryAfter, TimeSpan Duration);

/// <summary>A new workspace whose calls may go wrong on request, seen through one of the dialects.</summary>
internal sealed class BrokenApi : IDisposable
{
    private readonly string _dialect;
    private readonly HttpClient _http;

    private BrokenApi(string dialect, HttpClient http, ManagementClient manage) => (_dialect, _http, Manage) = (dialect, http, manage);

    public ManagementClient Manage { get; }

    /// <summary>The path of the dialect's list of contacts.</summary>
    public string Contacts => _dialect == "weni" ? "/api/v2/contacts.json" : "/contacts/v1";

    public static async Task<BrokenApi> NewAsync(TestServer server, string dialect) =>
        await OfAsync(server, dialect, await server.NewWorkspaceAsync(workspace => workspace.MinuteLimit = null));

    /// <summary>The same workspace through a server.</summary>
    public static async Task<BrokenApi> OfAsync(TestServer server, string dialect, TestWorkspace workspace)
    {
        var key = ApiToken.NewKey(dialect);
        (await server.Services.GetRequiredService<TokenService>().AddAsync(workspace.Id, key, Role.Administrator, dialect, CancellationToken.None))
            .Value.ShouldNotBeNull();
        var http = server.NewClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(dialect == "weni" ? "Token" : "Bearer", key);
        return new BrokenApi(dialect, http, ManagementClient.Of(server, workspace));
    }

    /// <summary>Asks for a fault and answers its id.</summary>
    public async Task<string> BreakAsync(object fault)
    {
        var made = await Manage.PostAsync("faults", JsonSerializer.Serialize(fault));
        made.Status.ShouldBe(201, made.Text);
        return made.Uuid;
    }

    public Task<BrokenAnswer> ListAsync() => SendAsync(HttpMethod.Get, Contacts);

    /// <summary>Makes a contact with a phone number.</summary>
    public Task<BrokenAnswer> MakeAsync(string number = "+5582999331122", string? key = null) => SendAsync(
        HttpMethod.Post, Contacts, _dialect == "weni" ? $$"""{"urns":["tel:{{number}}"]}""" : $$"""{"phone_number":"{{number}}"}""", key);

    /// <summary>How many contacts there are in the database.</summary>
    public Task<long> CountAsync(TestServer server) => server.CountAsync("SELECT count(*) FROM contacts WHERE workspace_id = $1", Manage.Workspace.Id);

    public async Task<BrokenAnswer> SendAsync(HttpMethod method, string path, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var response = await _http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var fault = response.Headers.TryGetValues("X-Contacts-Fault", out var ids) ? ids.Single() : null;
            return new BrokenAnswer((int)response.StatusCode, text, fault, response.Headers.RetryAfter?.ToString(), Stopwatch.GetElapsedTime(began));
        }
        catch (HttpRequestException error)
        {
            return new BrokenAnswer(0, error.Message, null, null, Stopwatch.GetElapsedTime(began));
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        Manage.Dispose();
    }
}
