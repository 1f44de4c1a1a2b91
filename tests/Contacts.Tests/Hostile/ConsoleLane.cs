using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Contacts.Tests.Support;

namespace Contacts.Tests.Hostile;

/// <summary>A browser that opens pages with strange queries and sends their forms with strange values.</summary>
/// <param name="address">The server.</param>
/// <param name="key">The key to sign in with.</param>
/// <param name="random">Chance.</param>
/// <param name="mutator">Values of queries.</param>
/// <param name="live">What there is in the workspace.</param>
/// <param name="report">Takes the answers.</param>
internal sealed partial class ConsoleLane(string address, string key, Random random, Mutator mutator, LiveValues live, FuzzReport report)
{
    // Those that end the session, revoke the key, count wrong keys or never end; files of the assets are nobody's input.
    private static readonly Regex LeftOut = new(
        "^/console/(sign-|assets|calls/live|tokens$|refused|\\{\\*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static readonly string[] Pages =
    [
        .. File.ReadLines(Repository.PathOf("tests", "Contacts.Tests", "Contract", "routes.txt"))
            .Where(line => line.StartsWith("/console/", StringComparison.Ordinal) && line.EndsWith(" GET", StringComparison.Ordinal))
            .Select(line => line[..^" GET".Length]).Where(path => !LeftOut.IsMatch(path)),
    ];

    private static readonly string[] Parameters =
    [
        "search", "group", "status", "cursor", "page", "q", "method", "path", "text", "since", "next", "map", "kind", "sort", "field", "deleted", "again", "id",
    ];

    private static readonly string[] Values =
    [
        "", " ", "x", "0", "-1", "1e9", "99999999999999999999", "\0", "a\0b", "\ud800", "\uffff", "😀", "e\u0301", "\u202e", "<script>alert(1)</script>", "'; --", "=1+1", "%00", "tel:+250788123123",
        "ext:#", "http://127.0.0.1:9/x", "not a url", "2026-02-30", "0001-01-01T00:00", "9999-12-31T23:59", "{}", "[", "{\"a\":1}", "00000000-0000-0000-0000-000000000000", "on", "\r\n", "UTC", "MX",
    ];

    /// <summary>Opens pages and sends forms until a number of requests is reached.</summary>
    public async Task RunAsync(int count)
    {
        var browser = await ConsoleClient.OfAsync(address, key);
        try
        {
            for (var i = 0; i < count; i++)
            {
                var page = await TakeAsync(() => browser.GetAsync(PathOf(Pages[random.Next(Pages.Length)])), "a page");
                if (page?.Path.StartsWith("/console/sign-in", StringComparison.Ordinal) == true)
                {
                    browser.Dispose();
                    browser = await ConsoleClient.OfAsync(address, key);
                }
                else if (page is not null && random.Next(5) < 3 && FormOf(page) is { } form)
                {
                    var values = ValuesOf(form);
                    i++;
                    await TakeAsync(() => browser.SubmitAsync(form, page, values), $"{page.Path}: {string.Join(" & ", values.Select(value => $"{value.Name}={value.Value}"))}");
                }
            }
        }
        finally
        {
            browser.Dispose();
        }
    }

    private async Task<ConsoleReply?> TakeAsync(Func<Task<ConsoleReply>> send, string what)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var reply = await send();
            var elapsed = Stopwatch.GetElapsedTime(start);
            live.Learn(reply.Html);
            report.Add(reply.Status, elapsed, () => $"console: {reply.Path}: {what}", FaultOf(reply, elapsed));
            return reply;
        }
        catch (Exception error) when (error is HttpRequestException or ShouldAssertException or UriFormatException)
        {
            report.AddFault($"{error.Message}\n{what}");
            return null;
        }
    }

    private static string? FaultOf(ConsoleReply reply, TimeSpan elapsed)
    {
        if (reply.Status >= 500)
            return $"a {reply.Status}: {reply.Text.Trim()}";
        if (elapsed > FuzzReport.Patience)
            return $"slow: {elapsed.TotalSeconds:0.0} s";

        // The HTTP server refuses these itself: a URL that is too long, a NUL in the path.
        if (reply.Html.Length == 0 && (reply.Status == 414 || reply.Path.Contains("%00", StringComparison.Ordinal)))
            return null;
        if (!reply.Headers.ContainsKey("Content-Security-Policy"))
            return "without the headers of pages";
        var type = reply.Headers.GetValueOrDefault("Content-Type") ?? "";
        return reply.Status >= 400 && !type.StartsWith("text/html", StringComparison.Ordinal) ? $"{reply.Status} as \"{type}\": {reply.Html}" : null;
    }

    private string PathOf(string route)
    {
        var path = Parameter().Replace(route, match => match.Value.Contains("guid", StringComparison.Ordinal) ? live.Uuid() : match.Value switch
        {
            "{KindText}" => Pick("flows", "campaigns", "triggers", "flow", "x"),
            "{Key}" => Pick("nick", "age", "%00", "x", "%F0%9F%98%80"),
            "{Name}" => Pick("weni", "testing", "..%2Fx", "x"),
            _ => mutator.QueryValue(),
        });
        var pairs = Enumerable.Range(0, random.Next(4)).Select(_ => $"{Pick(Parameters)}={mutator.QueryValue()}");
        return Bad().Replace($"{path}?{string.Join('&', pairs)}", "%25");
    }

    private IHtmlFormElement? FormOf(ConsoleReply page)
    {
        var forms = page.Document.QuerySelectorAll<IHtmlFormElement>("form").Where(form => form.GetAttribute("action")?.Contains("sign-", StringComparison.Ordinal) != true).ToList();
        return forms.Count == 0 ? null : forms[random.Next(forms.Count)];
    }

    /// <summary>Values in place of some that stand in the form, of its buttons, and of a name that it has not.</summary>
    private (string Name, string? Value)[] ValuesOf(IHtmlFormElement form)
    {
        var names = form.Elements.Select(element => element.GetAttribute("name")).OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal);
        return
        [
            .. names.Where(name => !name.StartsWith('_') || random.Next(50) == 0).Where(_ => random.Next(3) == 0).Select(name => (name, random.Next(10) == 0 ? null : Value())),
            .. random.Next(6) == 0 ? [("x[0]." + Value(), Value())] : Array.Empty<(string, string?)>(),
        ];
    }

    private string? Value() => random.Next(12) switch
    {
        0 => new string('n', random.Next(1, 20_000)),
        1 => live.Uuid(),
        _ => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)])),
    };

    private string Pick(params string[] values) => values[random.Next(values.Length)];

    [GeneratedRegex("\\{[^}]+\\}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Parameter();

    // .NET takes no URL with a percent sign that begins nothing.
    [GeneratedRegex("%(?![0-9a-fA-F]{2})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Bad();
}
