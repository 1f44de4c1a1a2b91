using System.Text;
using System.Text.Json;
using Contacts.Tests.Management;
using Contacts.Tests.Support;
using Contacts.Workspaces;

namespace Contacts.Tests.Calls;

/// <summary>An administrator who makes calls to a workspace and looks at what was recorded of them.</summary>
internal sealed class Observer : IDisposable
{
    private Observer(ManagementClient api) => Api = api;

    public ManagementClient Api { get; }

    public Guid WorkspaceId => Api.Workspace.Id;

    public string Token => Api.Workspace.Token;

    public static async Task<Observer> NewAsync(TestServer server, Action<Workspace>? settings = null) =>
        new(await ManagementClient.NewAsync(server, settings: settings));

    /// <summary>Sends a call of any API.</summary>
    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null, string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        return await Api.Http.SendAsync(request);
    }

    /// <summary>Waits for recorded calls, and answers them as lists show them.</summary>
    public async Task<JsonElement[]> WaitAsync(int count, string filters = "")
    {
        var answer = await Api.PostAsync("calls/wait", $$"""{"count":{{count}},"timeout_ms":20000{{(filters.Length > 0 ? "," + filters : "")}}}""");
        answer.Status.ShouldBe(200, answer.Text);
        return [.. answer.Body.GetProperty("results").EnumerateArray()];
    }

    /// <summary>Waits for the only call that matches, and reads all of it.</summary>
    public async Task<JsonElement> ReadAsync(string filters = "")
    {
        var calls = await WaitAsync(1, filters);
        return await ReadAsync(calls.ShouldHaveSingleItem());
    }

    /// <summary>Reads all of a call.</summary>
    public async Task<JsonElement> ReadAsync(JsonElement call)
    {
        var answer = await Api.GetAsync($"calls/{call.GetProperty("uuid").GetString()}");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Body;
    }

    /// <summary>Lists calls.</summary>
    public async Task<JsonElement[]> ListAsync(string query = "")
    {
        var answer = await Api.GetAsync("calls" + query);
        answer.Status.ShouldBe(200, answer.Text);
        return [.. answer.Body.GetProperty("results").EnumerateArray()];
    }

    public void Dispose() => Api.Dispose();
}

/// <summary>What tests ask of a recorded call.</summary>
internal static class RecordedCallChecks
{
    public static string? Text(this JsonElement element, params string[] path)
    {
        foreach (var name in path)
        {
            if (!element.TryGetProperty(name, out element))
                return null;
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText();
    }

    /// <summary>The change of one attribute of the object at a place: before and after, as JSON.</summary>
    public static (string? Before, string? After) Change(this JsonElement call, int place, string attribute)
    {
        var attributes = call.GetProperty("changes")[place].GetProperty("attributes");
        return attributes.TryGetProperty(attribute, out var step) ? (step.GetProperty("before").GetRawText(), step.GetProperty("after").GetRawText()) : (null, null);
    }
}
