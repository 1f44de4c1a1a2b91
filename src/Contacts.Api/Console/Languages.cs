using Microsoft.Net.Http.Headers;

namespace Contacts.Console;

/// <summary>The languages of the pages.</summary>
internal static class Languages
{
    /// <summary>The cookie of whoever chose one.</summary>
    public const string Cookie = "contacts_language";

    /// <summary>The languages by their codes, the usual one first, each with its own name.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> All = [("en", "English"), ("pt", "Português"), ("es", "Español")];

    /// <summary>The language that was chosen, else the first of the browser's that there is, else the usual one.</summary>
    /// <param name="request">The request.</param>
    public static string Of(HttpRequest request)
    {
        if (request.Cookies[Cookie] is { } chosen && Exists(chosen))
            return chosen;
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var accepted))
            return All[0].Code;
        return accepted.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value?.Split('-')[0].ToLowerInvariant() ?? string.Empty).FirstOrDefault(Exists) ?? All[0].Code;
    }

    /// <summary>Whether there is such a language.</summary>
    /// <param name="code">Its code.</param>
    public static bool Exists(string code) => All.Any(language => language.Code == code);
}
