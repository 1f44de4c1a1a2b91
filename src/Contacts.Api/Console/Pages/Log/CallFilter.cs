using Contacts.Calls;
using Contacts.Core;
using Contacts.Management;
using Contacts.Workspaces;
using Microsoft.AspNetCore.WebUtilities;

namespace Contacts.Console.Pages.Log;

/// <summary>What the list of calls is narrowed down by, as it stands in the page's address; the stream of new calls takes the same.</summary>
/// <param name="query">The address's parameters.</param>
internal sealed class CallFilter(IQueryCollection query)
{
    /// <summary>The most letters of a text.</summary>
    public const int MaxText = 200;

    /// <summary>The methods to choose from.</summary>
    public static readonly IReadOnlyList<string> Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    private static readonly string[] Dialects = [.. ApiToken.Prefixes.Select(kind => kind.Dialect)];

    /// <summary>A status, or a class such as <c>4xx</c>.</summary>
    public string Status => Given("status");

    /// <summary>A method.</summary>
    public string Method => Given("method").ToUpperInvariant();

    /// <summary>A part of the path.</summary>
    public string Path => Given("path");

    /// <summary>Whose API was called.</summary>
    public string Dialect => Given("dialect");

    /// <summary>A text in query, body, answer or headers.</summary>
    public string Text => Given("text");

    /// <summary>The id of a contact.</summary>
    public string Contact => Given("contact");

    /// <summary>Whether only refused and failed calls are wanted.</summary>
    public bool OnlyErrors => Given("errors").Length > 0;

    /// <summary>Whether anything is filtered.</summary>
    public bool IsGiven => Status.Length + Method.Length + Path.Length + Dialect.Length + Text.Length + Contact.Length > 0 || OnlyErrors;

    /// <summary>Whether the status is one.</summary>
    public bool HasStatus => CallListing.TryStatus(Status.Length == 0 ? null : Status, out _);

    /// <summary>Whether the contact's id is one.</summary>
    public bool HasContact => Contact.Length == 0 || Guid.TryParse(Contact, out _);

    /// <summary>The calls that are wanted; what can't be read narrows nothing down, see <see cref="HasStatus"/>.</summary>
    /// <param name="reader">The role of whoever reads.</param>
    public CallQuery Read(Role reader) => CallQuery.For(reader) with
    {
        Status = CallListing.TryStatus(Status.Length == 0 ? null : Status, out var status) ? status : null,
        Method = Or(Method),
        Path = Or(Path),
        Dialect = Or(Dialect),
        Text = Or(Text),
        Contact = Guid.TryParse(Contact, out var contact) ? contact : null,
        OnlyErrors = OnlyErrors,
    };

    /// <summary>The APIs to choose from.</summary>
    /// <param name="reader">The role of whoever reads.</param>
    public static IReadOnlyList<string> DialectsFor(Role reader) => reader == Role.Administrator ? [.. Dialects, CallRecord.Management, CallRecord.Console] : Dialects;

    /// <summary>The address of a page with this filter.</summary>
    /// <param name="path">The page.</param>
    /// <param name="more">One more parameter.</param>
    /// <param name="value">Its value; null for none.</param>
    public string UrlOf(string path, string? more = null, string? value = null)
    {
        var pairs = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["status"] = Or(Status),
            ["method"] = Or(Method),
            ["path"] = Or(Path),
            ["dialect"] = Or(Dialect),
            ["text"] = Or(Text),
            ["contact"] = Or(Contact),
            ["errors"] = OnlyErrors ? "1" : null,
        };
        if (more is not null)
            pairs[more] = value;
        return QueryHelpers.AddQueryString(path, pairs.Where(pair => pair.Value is not null));
    }

    private static string? Or(string text) => text.Length == 0 ? null : text;

    private string Given(string name)
    {
        var text = (query[name].LastOrDefault() ?? string.Empty).Trim();
        return FieldText.Storable(text.Length > MaxText ? text[..MaxText] : text);
    }
}
