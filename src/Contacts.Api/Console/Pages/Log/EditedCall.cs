using System.Text;
using Contacts.Calls;

namespace Contacts.Console.Pages.Log;

/// <summary>A call as a form holds it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The path with its query.</param>
/// <param name="Headers">The headers that matter, a line each.</param>
/// <param name="Body">The body.</param>
internal sealed record EditedCall(string Method, string Target, string Headers, string Body)
{
    // What the sending of a call makes anew, what is a secret, and what would say that the call came from elsewhere.
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Content-Length", "Transfer-Encoding", "Expect", "Upgrade", "TE", "Trailer", "Authorization",
        "Cookie", "Accept-Encoding", "X-Request-Id", "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "traceparent", "tracestate",
    };

    /// <summary>A form without anything in it.</summary>
    public static EditedCall Empty { get; } = new("GET", string.Empty, string.Empty, string.Empty);

    /// <summary>A recorded call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="headers">Its headers.</param>
    public static EditedCall Of(RecordedCall call, IEnumerable<(string Name, string Value)> headers) => new(
        call.Method,
        call.Path + call.Query,
        string.Join('\n', Kept(headers, call.Flags).Select(header => $"{header.Name}: {header.Value}")),
        call.Body ?? string.Empty);

    /// <summary>What was typed.</summary>
    /// <param name="form">The form.</param>
    public static EditedCall Of(IFormCollection form) => new(
        form["method"].ToString(), form["target"].ToString().Trim(), Lines(form["headers"].ToString()), Lines(form["sent"].ToString()));

    /// <summary>The headers that a copy of a call needs.</summary>
    /// <param name="headers">All of its headers.</param>
    /// <param name="flags">What has to be known of the call.</param>
    public static IEnumerable<(string Name, string Value)> Kept(IEnumerable<(string Name, string Value)> headers, CallFlags flags) =>
        headers.Where(header => !Own.Contains(header.Name) && header.Value.Length > 0 && !header.Value.Contains(Masks.Mask, StringComparison.Ordinal))
            .Select(header => flags.HasFlag(CallFlags.BodyIsForm) && header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
                ? (header.Name, "application/x-www-form-urlencoded")
                : header);

    /// <summary>The request that this stands for.</summary>
    /// <param name="root">The server.</param>
    /// <returns>The request; null when a header is none.</returns>
    public HttpRequestMessage? RequestTo(Uri root)
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), new Uri(root.GetLeftPart(UriPartial.Authority) + Target));
        if (Body.Length > 0)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
        foreach (var line in Headers.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon > 0 ? (line[..colon].Trim(), line[(colon + 1)..].Trim()) : (string.Empty, string.Empty);
            if (Own.Contains(name))
                continue;
            var isAdded = name.Length > 0 && value.All(char.IsAscii)
                && (request.Headers.TryAddWithoutValidation(name, value) || request.Content is null || request.Content.Headers.TryAddWithoutValidation(name, value));
            if (isAdded)
                continue;
            request.Dispose();
            return null;
        }

        return request;
    }

    private static string Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);
}
