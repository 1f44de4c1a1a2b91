using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Contacts.Tests.Support;

/// <summary>A page as the browser would have it.</summary>
/// <param name="Status">The status.</param>
/// <param name="Path">Path and query of the page, after redirects.</param>
/// <param name="Html">The text as it came.</param>
/// <param name="Headers">The headers of the answer.</param>
public sealed record ConsoleReply(int Status, string Path, string Html, IReadOnlyDictionary<string, string> Headers)
{
    private IHtmlDocument? _document;

    /// <summary>The page's elements.</summary>
    public IHtmlDocument Document => _document ??= new HtmlParser().ParseDocument(Html);

    /// <summary>What the page says, without its tags.</summary>
    public string Text => Document.Body?.TextContent ?? "";

    /// <summary>What the elements say that a CSS selector finds.</summary>
    public IReadOnlyList<string> TextsOf(string selector) => [.. Document.QuerySelectorAll(selector).Select(element => element.TextContent.Trim())];
}

/// <summary>Uses the web interface as a browser without script would: cookies, links, forms with their hidden fields.</summary>
public sealed class ConsoleClient : IDisposable
{
    private readonly HttpClient _http;

    private ConsoleClient(string address, string language)
    {
        Cookies = new CookieContainer();
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
        _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
    }

    /// <summary>The cookies.</summary>
    public CookieContainer Cookies { get; }

    /// <summary>A client that nobody is signed in with.</summary>
    public static ConsoleClient OfNobody(TestServer server, string language = "en") => new(server.Address, language);

    /// <summary>A client of a server elsewhere that nobody is signed in with.</summary>
    public static ConsoleClient OfNobody(string address, string language = "en") => new(address, language);

    /// <summary>A client that is signed in with a token.</summary>
    public static Task<ConsoleClient> OfAsync(TestServer server, string token, string language = "en") => OfAsync(server.Address, token, language);

    /// <summary>A client that is signed in with a token to the server at an address.</summary>
    public static async Task<ConsoleClient> OfAsync(string address, string token, string language = "en")
    {
        var client = new ConsoleClient(address, language);
        var page = await client.SubmitAsync(await client.GetAsync("sign-in"), "sign-in", ("token", token));
        page.Path.ShouldNotStartWith("/console/sign-in", customMessage: page.Text);
        return client;
    }

    /// <summary>A client that is signed in to a workspace with a role.</summary>
    public static async Task<ConsoleClient> OfAsync(TestServer server, TestWorkspace workspace, Role role, string language = "en")
    {
        var key = ApiToken.NewKey();
        await server.Services.GetRequiredService<TokenService>().AddAsync(workspace.Id, key, role, role.ToString(), CancellationToken.None);
        return await OfAsync(server, key, language);
    }

    /// <summary>Opens a page by its path below <c>/console/</c>, or by an absolute path, and follows redirects.</summary>
    public async Task<ConsoleReply> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, UriOf(path));
        return await SendAsync(request);
    }

    /// <summary>
    /// Sends one of a page's forms, with what stands in it, and the values given in place of or beside that. A value of null takes an input out, as an unticked
    /// box; a name may be given several times.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="form">The form's handler name, or its id.</param>
    /// <param name="values">What is typed.</param>
    public async Task<ConsoleReply> SubmitAsync(ConsoleReply page, string form, params (string Name, string? Value)[] values) =>
        await SubmitAsync(FormOf(page, form), page, values);

    /// <summary>Sends a form.</summary>
    public async Task<ConsoleReply> SubmitAsync(IHtmlFormElement form, ConsoleReply page, params (string Name, string? Value)[] values)
    {
        var given = values.Select(value => value.Name).ToHashSet(StringComparer.Ordinal);
        var pairs = Standing(form).Where(pair => !given.Contains(pair.Key))
            .Concat(values.Where(value => value.Value is not null).Select(value => KeyValuePair.Create(value.Name, value.Value!)));
        var action = form.GetAttribute("action") is { Length: > 0 } to ? UriOf(to) : new Uri(page.Path, UriKind.Relative);
        if (form.Method == "get")
            return await GetAsync($"{action.OriginalString.Split('?')[0]}?{string.Join('&', pairs.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"))}");
        using var request = new HttpRequestMessage(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(pairs) };
        return await SendAsync(request);
    }

    /// <summary>Sends a request with the session's cookies, such as a form with a file, and follows redirects.</summary>
    public async Task<ConsoleReply> SendAsync(HttpRequestMessage request)
    {
        var path = request.RequestUri!.OriginalString;
        var response = await _http.SendAsync(request);
        for (var hops = 0; response.Headers.Location is { } next && (int)response.StatusCode is >= 300 and < 400; hops++)
        {
            hops.ShouldBeLessThan(5);
            path = next.IsAbsoluteUri ? next.PathAndQuery : next.OriginalString;
            response.Dispose();
            response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        }

        using (response)
        {
            var headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            return new ConsoleReply((int)response.StatusCode, path, await response.Content.ReadAsStringAsync(), headers);
        }
    }

    /// <summary>One of a page's forms, by its handler name or its id.</summary>
    public static IHtmlFormElement FormOf(ConsoleReply page, string form) =>
        page.Document.QuerySelectorAll<IHtmlFormElement>("form").FirstOrDefault(element =>
            element.Id == form || element.QuerySelector<IHtmlInputElement>("input[name=_handler]")?.Value == form)
        ?? throw new ShouldAssertException($"{page.Path} ({page.Status}) has no form {form}: {page.Text}");

    public void Dispose() => _http.Dispose();

    private static Uri UriOf(string path) => new(path.StartsWith('/') ? path : $"/console/{path}", UriKind.Relative);

    private static IEnumerable<KeyValuePair<string, string>> Standing(IHtmlFormElement form)
    {
        foreach (var element in form.Elements)
        {
            var (name, value) = element switch
            {
                IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false } => (null, null),
                IHtmlInputElement { Type: "submit" or "file" } => (null, null),
                IHtmlInputElement input => (input.Name, input.Value),
                IHtmlTextAreaElement area => (area.Name, area.Value),
                IHtmlSelectElement select => (select.Name, select.Value),
                _ => (null, null),
            };
            if (!string.IsNullOrEmpty(name))
                yield return KeyValuePair.Create(name, value ?? "");
        }
    }
}
