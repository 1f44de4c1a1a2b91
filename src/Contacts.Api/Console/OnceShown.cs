using Contacts.Console.Layout;
using Contacts.Workspaces;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Console;

/// <summary>
/// Carries a new secret over the redirect after a form to the page that shows it. It travels encrypted in a cookie that the page takes away again: so it is
/// in no URL, no log and no page that a reload would show, whichever server answers.
/// </summary>
/// <param name="protection">What encrypts it.</param>
internal sealed class OnceShown(IDataProtectionProvider protection)
{
    private const string Cookie = "contacts_once";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    /// <summary>Keeps a secret for the next page.</summary>
    /// <param name="http">The request that made it.</param>
    /// <param name="subject">What it belongs to.</param>
    /// <param name="secret">The secret.</param>
    public void Keep(HttpContext http, Guid subject, string secret) =>
        http.Response.Cookies.Append(Cookie, ProtectorOf(http, subject).Protect(secret, Life), OptionsOf(http));

    /// <summary>The secret, if it was kept for this page and nobody has seen it yet.</summary>
    /// <param name="http">The page's request.</param>
    /// <param name="subject">What it belongs to.</param>
    public string? Take(HttpContext http, Guid subject)
    {
        if (http.Request.Cookies[Cookie] is not { } kept)
            return null;
        http.Response.Cookies.Delete(Cookie, OptionsOf(http));
        try
        {
            return ProtectorOf(http, subject).Unprotect(kept);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // Another page's, too old, or of a key that is gone.
            return null;
        }
    }

    private ITimeLimitedDataProtector ProtectorOf(HttpContext http, Guid subject) =>
        protection.CreateProtector("contacts.once", http.Features.GetRequiredFeature<Caller>().Token.Id.ToString(), subject.ToString()).ToTimeLimitedDataProtector();

    private static CookieOptions OptionsOf(HttpContext http) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = http.Request.IsHttps,
        Path = $"{http.Request.PathBase}{Ways.Root}",
        MaxAge = Life,
        IsEssential = true,
    };
}
