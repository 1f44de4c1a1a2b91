using System.Globalization;
using Contacts.Audit;
using Contacts.Calls;
using Contacts.Console.Layout;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages;

/// <summary>Signs in with a token, or with a link that works once.</summary>
public sealed partial class SignIn
{
    /// <summary>The page to go on to.</summary>
    [SupplyParameterFromQuery]
    public string? Next { get; set; }

    /// <summary>Set when a form came after the session's end.</summary>
    [SupplyParameterFromQuery]
    public string? Ended { get; set; }

    /// <summary>The key of a link that works once.</summary>
    [SupplyParameterFromQuery]
    public string? Link { get; set; }

    /// <summary>The token.</summary>
    [SupplyParameterFromForm(FormName = "sign-in")]
    public string? Token { get; set; }

    [Inject]
    internal Sessions Sessions { get; set; } = null!;

    [Inject]
    internal CallKeys Keys { get; set; } = null!;

    [Inject]
    internal AuditTrail Trail { get; set; } = null!;

    [Inject]
    internal KeyGuesses Guesses { get; set; } = null!;

    /// <summary>The text that says why it did not work, or null.</summary>
    private string? Fault { get; set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (Link is null || !HttpMethods.IsGet(Http.Request.Method))
            return;
        if (Guesses.WaitOf(Http.Connection.RemoteIpAddress, Link) is { } wait)
        {
            RefuseFor(wait);
        }
        else if (await Sessions.RedeemAsync(Link, Gone) is { } caller)
        {
            await BeginAsync(caller);
        }
        else
        {
            Guesses.Wrong(Http.Connection.RemoteIpAddress);
            Refuse(StatusCodes.Status403Forbidden, "signin.used");
        }
    }

    private async Task EnterAsync()
    {
        var answer = string.IsNullOrWhiteSpace(Token) ? default : await Keys.FindAsync(Token.Trim(), Http);
        if (answer.Wait is { } wait)
            RefuseFor(wait);
        else if (answer.Caller is not { } caller)
            Refuse(StatusCodes.Status403Forbidden, "signin.unknown");
        else if (!NeedsAttribute.Nothing.AllowsReading(caller.Token.Role))
            Refuse(StatusCodes.Status403Forbidden, "signin.surveyor");
        else
            await BeginAsync(caller);
    }

    private async Task BeginAsync(Caller caller)
    {
        var entry = Http.NewAuditEntry(Trail.NewId(), caller, AuditTrail.Console, "sign-in");
        entry.Status = StatusCodes.Status302Found;
        await Trail.BeginAsync(entry, Gone);
        Http.Response.Cookies.Append(Gate.Cookie, await Sessions.BeginAsync(caller, Gone), new CookieOptions
        {
            HttpOnly = true,
            // Links from elsewhere open pages; forms have a guard of their own.
            SameSite = SameSiteMode.Lax,
            Secure = Http.Request.IsHttps,
            Path = "/",
            IsEssential = true,
        });
        Go(Preferences.SafePath(Next)[(Ways.Root.Length + 1)..]);
    }

    private void RefuseFor(TimeSpan wait)
    {
        Http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        Refuse(StatusCodes.Status429TooManyRequests, "signin.often");
    }

    private void Refuse(int status, string text)
    {
        Answer(status);
        Fault = text;
    }
}
