using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Support.Cases;

/// <summary>One case on its way: its workspaces, the values it captured, and the requests it sends.</summary>
internal sealed class CaseRun(TestServer server, CaseWorkspace settings) : IDisposable
{
    private static readonly JsonSerializerOptions AsClientsWrite = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly CaseText _text = new();
    private readonly Dictionary<string, TestWorkspace> _workspaces = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Dialect), string> _keys = [];
    private readonly HttpClient _following = server.NewClient(followRedirects: true);

    /// <summary>Sends a step as often as it says and holds each answer against what is expected.</summary>
    public async Task TakeAsync(CaseStep step, CaseAnswer expected, string part, IReadOnlyDictionary<string, string?>? headers = null)
    {
        var workspace = await WorkspaceAsync(step.As ?? "own");
        var dialect = CaseDialect.Of(step.Path);
        var key = dialect == CaseDialect.Weni ? workspace.Token : await KeyAsync(step.As ?? "own", workspace, dialect);
        _text.Capture("base", server.Address);
        _text.Capture("token", workspace.Token);
        _text.Capture("key", key);
        if (step.Make is not null)
        {
            await new CaseMakes(server, _text).MakeAsync(step, workspace.Id);
            return;
        }

        for (var i = 0; i < step.Repeat; i++)
        {
            using var request = Request(step, dialect, key, i);
            var sent = $"{part}: {request.Method} {request.RequestUri} {Shorten(await BodyOf(request))}";
            using var response = await (step.Follow ? _following : server.Client).SendAsync(request);
            var answer = new CaseReply(response, await response.Content.ReadAsStringAsync());
            var wrong = answer.Differences(request, expected, headers, _text).ToList();
            wrong.ShouldBeEmpty($"\n{sent}\nanswered {(int)response.StatusCode} {Shorten(answer.Body)}\n  {string.Join("\n  ", wrong)}\n");
            foreach (var (name, path) in step.Capture)
                _text.Capture(_text.Fill(name, i), answer.Value(path));
        }
    }

    public void Dispose() => _following.Dispose();

    /// <summary>Whose token a step is sent with: the workspace's administrator's, another workspace's, or that of a role in the same workspace.</summary>
    private async Task<TestWorkspace> WorkspaceAsync(string name)
    {
        if (_workspaces.TryGetValue(name, out var known))
            return known;
        return _workspaces[name] = Enum.TryParse<Role>(name, ignoreCase: true, out var role)
            ? await OfRoleAsync(role)
            : await server.NewWorkspaceAsync(workspace =>
            {
                workspace.Country = settings.Country;
                workspace.Timezone = settings.Timezone;
                workspace.DateStyle = Enum.Parse<DateStyle>(settings.DateStyle);
                workspace.Profile = settings.Profile;
                workspace.VerifyNinthDigit = settings.VerifyNinthDigit;
                workspace.MexicanPrefix = settings.MexicanPrefix;
                workspace.Languages = settings.Languages ?? [];
                workspace.MinuteLimit = settings.MinuteLimit;
            });
    }

    private async Task<TestWorkspace> OfRoleAsync(Role role)
    {
        var own = await WorkspaceAsync("own");
        return own with { Token = await NewKeyAsync(own, role, CaseDialect.Weni) };
    }

    private async Task<string> KeyAsync(string name, TestWorkspace workspace, CaseDialect dialect)
    {
        if (_keys.TryGetValue((name, dialect.Name), out var known))
            return known;
        var role = Enum.TryParse<Role>(name, ignoreCase: true, out var named) ? named : Role.Administrator;
        return _keys[(name, dialect.Name)] = await NewKeyAsync(workspace, role, dialect);
    }

    private async Task<string> NewKeyAsync(TestWorkspace workspace, Role role, CaseDialect dialect)
    {
        var key = ApiToken.NewKey(dialect.Name);
        var made = await server.Services.GetRequiredService<TokenService>().AddAsync(workspace.Id, key, role, "cases", CancellationToken.None);
        made.Value.ShouldNotBeNull();
        return key;
    }

    private HttpRequestMessage Request(CaseStep step, CaseDialect dialect, string key, int index)
    {
        var path = _text.Fill(step.Path, index);
        var request = new HttpRequestMessage(new HttpMethod(step.Method), new Uri(new Uri(server.Address), path)) { Content = ContentOf(step, index) };
        request.Headers.Authorization = new AuthenticationHeaderValue(dialect.Scheme, key);
        foreach (var (name, value) in step.Headers)
        {
            var headers = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) ? (HttpHeaders?)request.Content?.Headers : request.Headers;
            headers?.Remove(name);
            if (value is not null)
                headers?.TryAddWithoutValidation(name, _text.Fill(value)).ShouldBeTrue(name);
        }

        return request;
    }

    private ByteArrayContent? ContentOf(CaseStep step, int index)
    {
        var bytes = step switch
        {
            { Json: { } json } => Encoding.UTF8.GetBytes(_text.Fill(Node(json), index)?.ToJsonString(AsClientsWrite) ?? "null"),
            { Text: { } text } => Encoding.UTF8.GetBytes(_text.Fill(text, index)),
            { Base64: { } base64 } => Convert.FromBase64String(base64),
            _ => null,
        };
        if (bytes is null)
            return null;
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static JsonNode? Node(JsonElement element) => JsonNode.Parse(element.GetRawText());

    private static async Task<string> BodyOf(HttpRequestMessage request) =>
        request.Content is null ? "" : Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync());

    private static string Shorten(string text) => text.Length <= 600 ? text : text[..600] + "…";
}
