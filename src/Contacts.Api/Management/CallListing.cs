using Contacts.Calls;
using Contacts.Urns;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>The query parameters of the list of recorded calls. They combine.</summary>
public sealed record CallListing
{
    /// <summary>Calls that came at this time or later.</summary>
    [FromQuery(Name = "since")]
    public DateTimeOffset? Since { get; init; }

    /// <summary>Calls that came before this time.</summary>
    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    /// <summary>The status: <c>429</c>, or a class: <c>4xx</c>.</summary>
    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    /// <summary>The method: <c>POST</c>.</summary>
    [FromQuery(Name = "method")]
    public string? Method { get; init; }

    /// <summary>A part of the path, in any letter case.</summary>
    [FromQuery(Name = "path")]
    public string? Path { get; init; }

    /// <summary>Whose API was called: <c>weni</c>, <c>whaapy</c>, <c>management</c> or <c>console</c>.</summary>
    [FromQuery(Name = "dialect")]
    public string? Dialect { get; init; }

    /// <summary>The uuid of the token that called.</summary>
    [FromQuery(Name = "token")]
    public Guid? Token { get; init; }

    /// <summary>The uuid of a contact that the call touched.</summary>
    [FromQuery(Name = "contact")]
    public Guid? Contact { get; init; }

    /// <summary>A text in the query, the body, the answer or the headers, in any letter case.</summary>
    [FromQuery(Name = "text")]
    public string? Text { get; init; }

    /// <summary>Only calls that were refused or failed.</summary>
    [FromQuery(Name = "errors")]
    public bool Errors { get; init; }

    /// <summary>Where the page begins: taken from <c>next</c> and <c>previous</c>.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The size of a page, 1 to 250.</summary>
    [FromQuery(Name = "limit")]
    public int Limit { get; init; } = 50;

    /// <summary>The query that the parameters, which are of a valid shape, stand for.</summary>
    public CallQuery QueryOf() => new()
    {
        Since = Since?.UtcDateTime,
        Until = Until?.UtcDateTime,
        Status = TryStatus(Status, out var status) ? status : null,
        Method = Method?.ToUpperInvariant(),
        Path = Path,
        Dialect = Dialect,
        Token = Token,
        Contact = Contact,
        Text = Text,
        OnlyErrors = Errors,
    };

    /// <summary>Reads a status.</summary>
    /// <param name="text"><c>429</c>, <c>4xx</c>, or null for any.</param>
    /// <param name="status">The status, the first digit of its class, or null.</param>
    /// <returns>False when it is none.</returns>
    internal static bool TryStatus(string? text, out int? status)
    {
        status = null;
        if (text is null)
            return true;
        if (text.Length != 3 || text[0] is < '1' or > '5')
            return false;
        if (text.EndsWith("xx", StringComparison.OrdinalIgnoreCase))
            status = text[0] - '0';
        else if (text.All(char.IsAsciiDigit))
            status = ((text[0] - '0') * 100) + ((text[1] - '0') * 10) + text[2] - '0';
        return status is not null;
    }
}

/// <summary>The shape of the list's query parameters.</summary>
public sealed class CallListingValidator : AbstractValidator<CallListing>
{
    private const int MaxText = 200;

    /// <summary>The rules.</summary>
    public CallListingValidator()
    {
        RuleFor(listing => listing.Status).Must(text => CallListing.TryStatus(text, out _))
            .WithMessage("Must be a status, such as 429, or a class, such as 4xx.").OverridePropertyName("status");
        RuleFor(listing => listing.Method).Must(IsText).WithMessage(NotText).OverridePropertyName("method");
        RuleFor(listing => listing.Path).Must(IsText).WithMessage(NotText).OverridePropertyName("path");
        RuleFor(listing => listing.Dialect).Must(IsText).WithMessage(NotText).OverridePropertyName("dialect");
        RuleFor(listing => listing.Text).Must(IsText).WithMessage(NotText).OverridePropertyName("text");
        RuleFor(listing => listing.Limit).Must(limit => limit is >= 1 and <= CallLog.MaxPageSize)
            .WithMessage($"Must be 1 to {CallLog.MaxPageSize}.").OverridePropertyName("limit");
        RuleFor(listing => listing.Cursor).Must(text => AutomationListing.TryRead(text, out _))
            .WithMessage("Is no cursor of this server.").OverridePropertyName("cursor");
    }

    private static string NotText => $"Must have at most {MaxText} characters that PostgreSQL can hold.";

    private static bool IsText(string? text) => text is null || (text.Length <= MaxText && StorableText.Is(text));
}
