using System.Collections.Concurrent;
using Contacts.Console;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Contacts.Tests.Console.Browser;

/// <summary>What a reader's browser is like.</summary>
/// <param name="Language">What it asks for: <c>en</c>, <c>pt</c> or <c>es</c>.</param>
/// <param name="Theme">What its system is set to.</param>
/// <param name="Width">The window's width in pixels.</param>
public sealed record Reader(string Language = "en", ColorScheme Theme = ColorScheme.Light, int Width = 1280)
{
    /// <summary>Languages as real browsers of their countries ask for them.</summary>
    public string Locale => Language switch
    {
        "pt" => "pt-BR",
        "es" => "es-MX",
        _ => "en-US",
    };
}

/// <summary>
/// A tab of a browser of its own, on one server, that notes every fault: errors and warnings on the console, scripts that threw, requests that failed, answers from
/// 400 on that no test asked for, dialogs, and whatever the content security policy stopped.
/// </summary>
public sealed class Tab
{
    private const string Watch =
        "document.addEventListener('securitypolicyviolation', found => console.error(`policy: ${found.violatedDirective} ${found.blockedURI} ${found.sample}`))";

    private readonly IBrowserContext _context;
    private readonly TestServer _server;
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<int, bool> _expected = new();

    private Tab(IBrowserContext context, IPage page, TestServer server) => (_context, Page, _server) = (context, page, server);

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Opens a tab.</summary>
    public static async Task<Tab> OpenAsync(Chromium chromium, TestServer server, Reader reader)
    {
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.Address,
            Locale = reader.Locale,
            ColorScheme = reader.Theme,
            ViewportSize = new ViewportSize { Width = reader.Width, Height = 800 },
            ReducedMotion = ReducedMotion.Reduce,
        });
        await context.AddInitScriptAsync(Watch);
        var tab = new Tab(context, await context.NewPageAsync(), server);
        tab.Listen();
        return tab;
    }

    /// <summary>Signs in as a workspace's token without the form.</summary>
    public async Task EnterAsync(TestWorkspace workspace)
    {
        var caller = await CallerAsync(_server, workspace);
        var key = await _server.Services.GetRequiredService<Sessions>().BeginAsync(caller, CancellationToken.None);
        await _context.AddCookiesAsync([new Cookie { Name = Gate.Cookie, Value = key, Url = _server.Address, HttpOnly = true }]);
    }

    /// <summary>A link that signs in once.</summary>
    public static async Task<string> LinkAsync(TestServer server, TestWorkspace workspace) =>
        "/console/sign-in?link=" + await server.Services.GetRequiredService<Sessions>().OfferAsync(await CallerAsync(server, workspace), CancellationToken.None);

    /// <summary>Opens a page of the console.</summary>
    /// <param name="path">Below the console's root: <c>contacts</c>.</param>
    /// <param name="status">What the server should answer with.</param>
    public async Task GoAsync(string path, int status = 200)
    {
        Expect(status);
        var answer = await Page.GotoAsync(path.StartsWith('/') ? path : $"/console/{path}");
        answer.ShouldNotBeNull().Status.ShouldBe(status, $"/console/{path}");
    }

    /// <summary>One of the page's forms, by its handler's name.</summary>
    public ILocator Form(string handler) => Page.Locator("form", new PageLocatorOptions { Has = Page.Locator($"input[name='_handler'][value='{handler}']") });

    /// <summary>Sends a form by its one button.</summary>
    public Task SubmitAsync(string handler) => Form(handler).Locator("button[type='submit']").ClickAsync();

    /// <summary>Sends a form whose button asks once more.</summary>
    public async Task ConfirmAsync(string handler)
    {
        await Form(handler).Locator("details.confirm summary").ClickAsync();
        await Form(handler).Locator("details.confirm button[type='submit']").ClickAsync();
    }

    /// <summary>The page says what became of the last form.</summary>
    public Task IsToldAsync(string text, string kind = "done") =>
        Assertions.Expect(Page.Locator($".notice.{kind}").First).ToContainTextAsync(text);

    /// <summary>Answers with this status are no fault from here on.</summary>
    public void Expect(int status) => _expected[status] = true;

    /// <summary>Closes the tab, and tells what was wrong in it.</summary>
    /// <returns>The faults, in the order they came up.</returns>
    public async Task<IReadOnlyList<string>> CloseAsync()
    {
        // What the browser said before this has arrived when it answers.
        await Page.EvaluateAsync("1");
        await _context.CloseAsync();
        return [.. _faults];
    }

    private static async Task<Caller> CallerAsync(TestServer server, TestWorkspace workspace) =>
        (await server.Services.GetRequiredService<Callers>().FindAsync(workspace.Token, CancellationToken.None)).ShouldNotBeNull();

    private void Listen()
    {
        _context.Console += (_, message) =>
        {
            // Of a bad status its own event tells more.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource: the server responded", StringComparison.Ordinal))
                Note($"console {message.Type}: {message.Text}");
        };
        _context.WebError += (_, error) => Note($"script: {error.Error}");
        _context.RequestFailed += (_, request) =>
        {
            // What a page still waits for when its reader goes on is no fault: streams above all.
            if (request.Failure is not "net::ERR_ABORTED")
                Note($"request: {request.Method} {request.Url} {request.Failure}");
        };
        _context.Response += (_, response) =>
        {
            if (response.Status >= 400 && !_expected.ContainsKey(response.Status))
                Note($"answer: {response.Request.Method} {response.Url} {response.Status}");
            if (!response.Url.StartsWith(_server.Address, StringComparison.Ordinal) && !response.Url.StartsWith("data:", StringComparison.Ordinal))
                Note($"elsewhere: {response.Url}");
        };
        _context.Dialog += async (_, dialog) =>
        {
            Note($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
    }

    private void Note(string fault) => _faults.Enqueue($"{Page.Url}: {fault}");
}
