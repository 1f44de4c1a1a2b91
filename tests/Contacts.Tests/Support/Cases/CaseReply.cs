using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Contacts.Tests.Support.Cases;

/// <summary>An answer beside what the case, and the dialect for every answer, expect of it.</summary>
internal sealed class CaseReply(HttpResponseMessage response, string body)
{
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["/api/v2/contacts.json"] = "GET, POST, DELETE, HEAD, OPTIONS",
        ["/api/v2/fields.json"] = "GET, POST, HEAD, OPTIONS",
        ["/api/v2/groups.json"] = "GET, POST, DELETE, HEAD, OPTIONS",
        ["/api/v2/campaigns.json"] = "GET, POST, HEAD, OPTIONS",
        ["/api/v2/contact_actions.json"] = "POST, OPTIONS",
        ["/api/v2/contacts_bulk.json"] = "POST, OPTIONS",
        ["/api/v2/contacts_lean.json"] = "GET, HEAD, OPTIONS",
        ["/api/v2/flows.json"] = "GET, HEAD, OPTIONS",
        ["/api/v2/workspace.json"] = "GET, HEAD, OPTIONS",
        ["/api/v2"] = "GET, HEAD, OPTIONS",
    };

    public string Body => body;

    /// <summary>Where the answer is wrong; nothing when it is right.</summary>
    public IEnumerable<string> Differences(HttpRequestMessage request, CaseAnswer expected, IReadOnlyDictionary<string, string?>? headers, CaseText text)
    {
        var status = (int)response.StatusCode;
        if (expected.Status is { } wanted ? status != wanted : status is < 200 or > 299)
            yield return $"the status: expected {(expected.Status?.ToString(CultureInfo.InvariantCulture) ?? "2xx")}, was {status}";
        foreach (var line in OfEveryAnswer(request).Concat(OfHeaders(headers)).Concat(OfBody(expected, text)))
            yield return line;
    }

    /// <summary>The text of a part of the body: <c>results.0.uuid</c>.</summary>
    public string Value(string path)
    {
        var node = JsonNode.Parse(body);
        foreach (var part in path.Split('.'))
            node = int.TryParse(part, CultureInfo.InvariantCulture, out var index) ? node?[index] : node?[part];
        return node?.ToString() ?? throw new InvalidDataException($"There is no {path} in {body}");
    }

    private IEnumerable<string> OfEveryAnswer(HttpRequestMessage request)
    {
        var path = request.RequestUri?.AbsolutePath.TrimEnd('/') ?? "";
        var isWhaapy = CaseDialect.Of(path) == CaseDialect.Whaapy;
        if (isWhaapy && Header("Content-Type") != "application/json")
            yield return $"Content-Type: expected application/json, was {Header("Content-Type") ?? "missing"}";
        if (!isWhaapy && Header("WWW-Authenticate") is { } challenge)
            yield return $"WWW-Authenticate is never sent, was {challenge}";
        if (!Allowed.TryGetValue(path, out var allow))
            yield break;
        if (Header("Allow") != allow)
            yield return $"Allow: expected {allow}, was {Header("Allow") ?? "missing"}";
        if (body.Length > 0 && Header("Content-Type") != "application/json")
            yield return $"Content-Type: expected application/json, was {Header("Content-Type") ?? "missing"}";
    }

    private IEnumerable<string> OfHeaders(IReadOnlyDictionary<string, string?>? headers)
    {
        foreach (var (name, expected) in headers ?? new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase))
        {
            var actual = Header(name);
            if (expected is null ? actual is not null : actual is null || !CaseText.Matches(expected, actual))
                yield return $"{name}: expected {expected ?? "none"}, was {actual ?? "missing"}";
        }
    }

    private IEnumerable<string> OfBody(CaseAnswer expected, CaseText text)
    {
        if (expected.BodyText is { } exact)
            return CaseText.Matches(text.Fill(exact), body) ? [] : [$"the body: expected {text.Fill(exact)}"];
        if ((expected.Body ?? expected.BodyHas) is not { } json)
            return expected is ContractCase && body.Length > 0 ? ["the body: expected none"] : [];
        try
        {
            return JsonDifference.Between(text.Fill(JsonNode.Parse(json.GetRawText())), JsonNode.Parse(body), partly: expected.Body is null);
        }
        catch (JsonException error)
        {
            return [$"the body is no JSON: {error.Message}"];
        }
    }

    private string? Header(string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;
}
