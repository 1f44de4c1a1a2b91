using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Contacts.Tests.Support.Cases;

namespace Contacts.Tests.Hostile;

/// <summary>Whose shape an answer must have.</summary>
internal enum Tongue
{
    Weni,
    Whaapy,
    Management,
    Nobody,
}

/// <summary>A request that may be anything, as long as an HTTP client can send it.</summary>
/// <param name="Origin">Where it comes from: a case, an operation.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query, escaped.</param>
internal sealed partial record Specimen(string Origin, string Method, string Path)
{
    private const int Shown = 3000;

    /// <summary>The body, or null.</summary>
    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Headers beside Content-Type; an Authorization that is empty is none.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whose the path is, as far as it can be told before the server has taken it apart.</summary>
    public Tongue Tongue
    {
        get
        {
            var path = Path.Split('?')[0];
            if (path.Contains('%', StringComparison.Ordinal) || path.Contains("/.", StringComparison.Ordinal) || path.Contains("//", StringComparison.Ordinal))
                return Tongue.Nobody;
            if (path.StartsWith("/api/v2/", StringComparison.OrdinalIgnoreCase))
                return Tongue.Weni;
            if (path.StartsWith("/manage/api/", StringComparison.OrdinalIgnoreCase))
                return Tongue.Management;
            return CaseDialect.Of(path) == CaseDialect.Whaapy ? Tongue.Whaapy : Tongue.Nobody;
        }
    }

    /// <summary>The request as a client sends it.</summary>
    /// <param name="address">The server.</param>
    /// <param name="authorization">What is sent when the specimen says nothing else.</param>
    public HttpRequestMessage Request(string address, string authorization)
    {
        var uri = new Uri(address + Escaped(Path), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(Method), uri);
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        if (!Headers.Any(header => header.Name == "Authorization"))
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, value) in Headers.Where(header => header.Value.Length > 0))
            (name.StartsWith("Content-", StringComparison.Ordinal) ? (HttpHeaders?)request.Content?.Headers : request.Headers)?.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>Leads every URL of the body to a port of this machine where nobody listens, so that no test calls anybody.</summary>
    public Specimen Tamed() => Body is null ? this : this with { Body = Encoding.Latin1.GetBytes(Hosts().Replace(Encoding.Latin1.GetString(Body), "${scheme}127.0.0.1:9")) };

    public override string ToString()
    {
        var body = Body is null ? "" : "\n" + Encoding.UTF8.GetString(Body);
        if (body.Contains('\uFFFD', StringComparison.Ordinal))
            body += "\nbase64: " + Convert.ToBase64String(Body!);
        var text = $"{Origin}\n{Method} {Path}\n{string.Join('\n', Headers.Select(header => $"{header.Name}: {header.Value}").Append($"Content-Type: {ContentType}"))}{body}";
        return text.Length <= Shown ? text : text[..Shown] + "…";
    }

    private static string Escaped(string path) => NotInUrls().Replace(path, match => Uri.EscapeDataString(match.Value));

    [GeneratedRegex("[^!-~]+|[\"<>#\\\\^`{|}]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NotInUrls();

    [GeneratedRegex("(?<scheme>https?:(?:\\\\?/){2})[^\"/\\\\?#\\s]*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hosts();
}
