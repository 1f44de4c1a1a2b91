using System.Text;
using System.Text.Json;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Calls;

/// <summary>The installation's oldest workspace, which gets the calls that nobody knows.</summary>
internal static class Oldest
{
    /// <summary>A key of its administrator.</summary>
    public static async Task<string> TokenAsync(TestServer server)
    {
        var all = await server.Services.GetRequiredService<WorkspaceService>().ListAsync(CancellationToken.None);
        return await server.Services.AddTokenAsync(all[0].Id, Role.Administrator);
    }

    /// <summary>Waits for the call that holds a text.</summary>
    public static async Task<JsonElement> WaitAsync(HttpClient client, string text)
    {
        using var body = new StringContent($$"""{"text":"{{text}}","timeout_ms":20000}""", Encoding.UTF8, "application/json");
        var answer = await client.PostAsync("/manage/api/calls/wait", body);
        var json = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(200, json);
        return JsonSerializer.Deserialize<JsonElement>(json).GetProperty("results")[0];
    }

    /// <summary>Adds a token to a workspace.</summary>
    /// <returns>Its key.</returns>
    public static async Task<string> AddTokenAsync(this IServiceProvider services, Guid workspaceId, Role role)
    {
        var key = ApiToken.NewKey();
        (await services.GetRequiredService<TokenService>().AddAsync(workspaceId, key, role, "added", CancellationToken.None)).Value.ShouldNotBeNull();
        return key;
    }
}
