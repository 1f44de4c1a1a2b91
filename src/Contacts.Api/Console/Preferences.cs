using Contacts.Console.Layout;

namespace Contacts.Console;

/// <summary>What a reader chose for this browser: language, and light or dark. Kept in cookies, and no more than that.</summary>
internal static class Preferences
{
    /// <summary>The cookie of whoever chose light or dark.</summary>
    public const string ThemeCookie = "contacts_theme";

    private static readonly string[] Themes = ["auto", "light", "dark"];

    /// <summary>The theme that was chosen; <c>auto</c> is the system's.</summary>
    /// <param name="request">The request.</param>
    public static string ThemeOf(HttpRequest request) =>
        request.Cookies[ThemeCookie] is { } chosen && Themes.Contains(chosen, StringComparer.Ordinal) ? chosen : Themes[0];

    /// <summary>The path and query of a page, to come back to it. A link that signs in is no place to come back to: it is used up.</summary>
    /// <param name="request">The page's request.</param>
    public static string HereOf(HttpRequest request) => request.Query.ContainsKey("link") ? request.Path.ToString() : $"{request.Path}{request.QueryString}";

    /// <summary>Maps the switch.</summary>
    /// <param name="pages">The console's routes.</param>
    public static void Map(IEndpointRouteBuilder pages) =>
        pages.MapGet($"{Ways.Root}/preferences", Choose).WithMetadata(new OpenToAllAttribute()).ExcludeFromDescription();

    private static IResult Choose(HttpContext context, string? language, string? theme, string? back)
    {
        var options = new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, Secure = context.Request.IsHttps, IsEssential = true };
        if (language is not null && Languages.Exists(language))
            context.Response.Cookies.Append(Languages.Cookie, language, options);
        if (theme is not null && Themes.Contains(theme, StringComparer.Ordinal))
            context.Response.Cookies.Append(ThemeCookie, theme, options);
        return Results.LocalRedirect($"~{SafePath(back)}");
    }

    /// <summary>A path of the console to go on to, escaped as it stands in a header; anything else leads to its first page.</summary>
    /// <param name="path">What was asked for.</param>
    public static string SafePath(string? path) =>
        path is not null && path.StartsWith($"{Ways.Root}/", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && path.All(letter => letter is > ' ' and <= '~')
            ? path
            : $"{Ways.Root}/calls";
}
