using System.Globalization;
using System.Text;
using Contacts.Calls;
using Contacts.Console.Parts;

namespace Contacts.Console.Pages.Log;

/// <summary>What a curl line sends.</summary>
/// <param name="Method">The method.</param>
/// <param name="Url">The URL.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body, or null.</param>
/// <param name="IsBase64">Whether the body, which is no text, is given in base64.</param>
internal sealed record CurlCall(string Method, string Url, IReadOnlyList<(string Name, string Value)> Headers, string? Body, bool IsBase64);

/// <summary>Writes calls as lines for a shell. What strangers sent stays one argument, whatever is in it.</summary>
internal static class CurlText
{
    /// <summary>What stands for a token.</summary>
    public const string AnyToken = "YOUR_TOKEN";

    /// <summary>A recorded call as a line; the token is left to whoever runs it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="headers">Its headers.</param>
    /// <param name="root">The server's address.</param>
    public static string Of(RecordedCall call, IReadOnlyList<(string Name, string Value)> headers, string root)
    {
        var credentials = headers.Where(header => header.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
            .Select(header => (header.Name, $"{header.Value.Split(' ')[0]} {AnyToken}"));
        return Of(new CurlCall(
            call.Method,
            $"{root}{call.Path}{call.Query}",
            [.. credentials, .. EditedCall.Kept(headers, call.Flags)],
            call.Body,
            call.Flags.HasFlag(CallFlags.BodyInBase64)));
    }

    /// <summary>A call as a line.</summary>
    /// <param name="call">The call.</param>
    public static string Of(CurlCall call)
    {
        var line = new StringBuilder();
        if (call is { IsBase64: true, Body: { } bytes })
            line.Append(CultureInfo.InvariantCulture, $"printf %s {Quoted(bytes)} | base64 -d | ");
        line.Append("curl ");
        if (call.Method == "HEAD")
            line.Append("--head ");
        else if (call.Method != "GET" || call.Body is not null)
            line.Append(CultureInfo.InvariantCulture, $"-X {Quoted(call.Method)} ");
        line.Append(Quoted(call.Url));
        foreach (var (name, value) in call.Headers)
            line.Append(CultureInfo.InvariantCulture, $" \\\n  -H {Quoted($"{name}: {value}")}");
        if (call is { IsBase64: true, Body: not null })
            line.Append(" \\\n  --data-binary @-");
        else if (call.Body is { } body)
            line.Append(CultureInfo.InvariantCulture, $" \\\n  --data-raw {Quoted(body)}");
        return line.ToString();
    }

    /// <summary>
    /// One argument for a shell: within single quotes nothing means anything. With characters that nobody would see, bash's <c>$'…'</c>, so that what is
    /// copied is what is shown.
    /// </summary>
    /// <param name="text">The argument.</param>
    public static string Quoted(string text)
    {
        if (text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            return text;
        if (!text.EnumerateRunes().Any(rune => rune.Value != '\n' && Visible.IsHidden(rune)))
            return $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        var quoted = new StringBuilder("$'");
        foreach (var rune in text.EnumerateRunes())
        {
            quoted.Append(rune.Value switch
            {
                '\'' => @"\'",
                '\\' => @"\\",
                '\n' => @"\n",
                _ when !Visible.IsHidden(rune) => rune.ToString(),
                < 0x80 => string.Create(CultureInfo.InvariantCulture, $@"\x{rune.Value:x2}"),
                <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $@"\u{rune.Value:x4}"),
                _ => string.Create(CultureInfo.InvariantCulture, $@"\U{rune.Value:x8}"),
            });
        }

        return quoted.Append('\'').ToString();
    }
}
