using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Contacts.Tests.Support;

namespace Contacts.Tests.Contract;

/// <summary>
/// Sends <c>requests/*.http</c> from top to bottom as an editor would. A request's title ends with the status it answers, and with
/// <c>, and 404 when sent again</c> where a second time differs.
/// </summary>
public sealed partial class RequestFileTests(TestServer server) : IClassFixture<TestServer>
{
    // Where the two dialects' answers have the id of what was made.
    private static readonly string[] Ids = ["uuid", "contact.id", "stage.id"];

    [Theory]
    [InlineData("weni.http")]
    [InlineData("whaapy.http")]
    public async Task The_walk_through_answers_what_its_titles_say(string file)
    {
        var workspace = await server.NewWorkspaceAsync();
        using var whaapy = await WhaapyClient.OfAsync(server, workspace);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = server.Address,
            ["token"] = workspace.Token,
            ["key"] = whaapy.Key,
        };
        var requests = (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "requests", file))).Split("\n###").Skip(1).ToList();
        requests.Count.ShouldBeGreaterThan(15);
        foreach (var request in requests)
        {
            var title = request.Split('\n')[0];
            var statuses = Statuses().Matches(title).Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture)).ToList();
            statuses.ShouldNotBeEmpty(title);
            foreach (var status in statuses)
                await SendAsync(request, variables, status);
        }
    }

    private async Task SendAsync(string text, Dictionary<string, string> variables, int expected)
    {
        var filled = Variables().Replace(text, match => variables[match.Groups["name"].Value]);
        var lines = filled.Split('\n').Skip(1).SkipWhile(line => line.StartsWith('#')).ToList();
        var first = lines[0].Split(' ', 2);
        var body = string.Join('\n', lines.SkipWhile(line => line.Length > 0)).Trim();
        using var request = new HttpRequestMessage(new HttpMethod(first[0]), first[1]);
        if (body.Length > 0)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var header in lines.Skip(1).TakeWhile(line => line.Length > 0).Select(line => line.Split(": ", 2)).Where(header => header[0] != "Content-Type"))
            request.Headers.TryAddWithoutValidation(header[0], header[1]).ShouldBeTrue();
        using var response = await server.Client.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(expected, $"{filled}\n{answer}");
        if (Name().Match(text) is not { Success: true } name)
            return;
        foreach (var path in Ids)
        {
            if (JsonPath(JsonNode.Parse(answer), path) is { } id)
                variables[$"{name.Groups["name"].Value}.response.body.$.{path}"] = id;
        }
    }

    private static string? JsonPath(JsonNode? node, string path)
    {
        foreach (var part in path.Split('.'))
            node = (node as JsonObject)?[part];
        return node?.ToString();
    }

    [GeneratedRegex(@"\b[2-5][0-9]{2}\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Statuses();

    [GeneratedRegex(@"\{\{(?<name>[^}]+)\}\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Variables();

    [GeneratedRegex(@"# @name (?<name>\w+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
