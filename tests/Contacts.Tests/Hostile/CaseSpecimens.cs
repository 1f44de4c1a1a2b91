using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Contacts.Tests.Support.Cases;

namespace Contacts.Tests.Hostile;

/// <summary>All requests of all contract cases, as they stand in the files; what a case would have captured is something of the book.</summary>
internal sealed class CaseSpecimens
{
    private static readonly JsonSerializerOptions AsClientsWrite = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string Origin, CaseStep Step)> _steps;
    private readonly Random _random;
    private readonly CaseText _text;
    private readonly LiveValues _live;

    /// <summary>The cases of a dialect.</summary>
    public CaseSpecimens(string dialect, Random random, LiveValues live, string address)
    {
        (_random, _live) = (random, live);
        _text = new CaseText(UnknownOf);
        _text.Capture("base", address);
        _steps = [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, dialect, "cases"), "*.json").Order(StringComparer.Ordinal).SelectMany(StepsOf)];
    }

    /// <summary>One of the requests.</summary>
    public Specimen Next()
    {
        var (origin, step) = _steps[_random.Next(_steps.Count)];
        var index = _random.Next(1000);
        var path = _text.Fill(step.Path, index);
        return new Specimen(origin, step.Method, path.StartsWith('/') ? path : "/api/v2/contacts.json?cursor=" + Uri.EscapeDataString(path))
        {
            Body = BodyOf(step, index),
            ContentType = step.Headers.GetValueOrDefault("Content-Type") ?? "application/json",
            Headers = [.. step.Headers.Where(header => header.Key != "Content-Type").Select(header => (header.Key, _text.Fill(header.Value ?? "")))],
        };
    }

    private static IEnumerable<(string Origin, CaseStep Step)> StepsOf(string file) =>
        from found in ContractCase.Read(file).Cases
        from step in found.Given.Append(found.Request).Concat(found.Then)
        where step.Make is null
        select ($"{Path.GetFileNameWithoutExtension(file)}: {found.Label}", step);

    private byte[]? BodyOf(CaseStep step, int index) => step switch
    {
        { Json: { } value } => Encoding.UTF8.GetBytes(_text.Fill(JsonNode.Parse(value.GetRawText()), index)?.ToJsonString(AsClientsWrite) ?? "null"),
        { Text: { } text } => Encoding.UTF8.GetBytes(_text.Fill(text, index)),
        { Base64: { } base64 } => Convert.FromBase64String(base64),
        _ => null,
    };

    private string UnknownOf(string name) => name switch
    {
        "token" or "key" => "0123456789abcdef0123456789abcdef01234567",
        _ when name.Contains("next", StringComparison.OrdinalIgnoreCase) || name.Contains("cursor", StringComparison.OrdinalIgnoreCase) => _live.Cursor(),
        _ => _live.Uuid(),
    };
}
