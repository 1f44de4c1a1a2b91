using Contacts.Audit;
using Contacts.Core;
using Contacts.Urns;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>The query parameters of the audit log. They combine.</summary>
public sealed record AuditListing
{
    /// <summary>Entries of this time or later.</summary>
    [FromQuery(Name = "since")]
    public DateTimeOffset? Since { get; init; }

    /// <summary>Entries before this time.</summary>
    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    /// <summary>The uuid of the token that did it.</summary>
    [FromQuery(Name = "token")]
    public Guid? Token { get; init; }

    /// <summary>Where it was done: <c>management</c>, <c>console</c> or <c>command</c>.</summary>
    [FromQuery(Name = "channel")]
    public string? Channel { get; init; }

    /// <summary>What was done: <c>createToken</c>.</summary>
    [FromQuery(Name = "action")]
    public string? Action { get; init; }

    /// <summary>Where the page begins: taken from <c>next</c> and <c>previous</c>.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The size of a page, 1 to 250.</summary>
    [FromQuery(Name = "limit")]
    public int Limit { get; init; } = 50;

    /// <summary>The query that the parameters, which are of a valid shape, stand for.</summary>
    public AuditQuery QueryOf() => new() { Since = Since?.UtcDateTime, Until = Until?.UtcDateTime, Token = Token, Channel = Channel, Action = Action };
}

/// <summary>The shape of the audit log's query parameters.</summary>
public sealed class AuditListingValidator : AbstractValidator<AuditListing>
{
    private const int MaxText = 200;

    /// <summary>The rules.</summary>
    public AuditListingValidator()
    {
        RuleFor(listing => listing.Channel).Must(IsText).WithMessage(NotText).OverridePropertyName("channel");
        RuleFor(listing => listing.Action).Must(IsText).WithMessage(NotText).OverridePropertyName("action");
        RuleFor(listing => listing.Limit).Must(limit => limit is >= 1 and <= AuditTrail.MaxPageSize)
            .WithMessage($"Must be 1 to {AuditTrail.MaxPageSize}.").OverridePropertyName("limit");
        RuleFor(listing => listing.Cursor).Must(text => AutomationListing.TryRead(text, out _))
            .WithMessage("Is no cursor of this server.").OverridePropertyName("cursor");
    }

    private static string NotText => $"Must have at most {MaxText} characters that PostgreSQL can hold.";

    private static bool IsText(string? text) => text is null || (text.Length <= MaxText && StorableText.Is(text));
}

/// <summary>An entry of the audit log.</summary>
/// <param name="Uuid">Its id.</param>
/// <param name="Time">When it began, UTC.</param>
/// <param name="Token">The token of whoever did it; null at the command line.</param>
/// <param name="Role">The token's role at that time.</param>
/// <param name="Channel">Where: <c>management</c>, <c>console</c> or <c>command</c>.</param>
/// <param name="Action">What: <c>createToken</c>, or a page and its form: <c>tokens/new create</c>.</param>
/// <param name="Path">The path, which names what it was done to.</param>
/// <param name="Subject">What it came to: <c>token 0197…</c>; null when nothing changed, or what it was is gone.</param>
/// <param name="Address">The address that it came from.</param>
/// <param name="RequestId">The id that log lines, the recorded call and the answer carry.</param>
/// <param name="Status">The status that it was answered with; null when it failed on its way, or runs still.</param>
public sealed record AuditRead(
    Guid Uuid,
    DateTime Time,
    CallToken? Token,
    string? Role,
    string Channel,
    string Action,
    string? Path,
    string? Subject,
    string? Address,
    string? RequestId,
    int? Status)
{
    /// <summary>An entry as callers see it.</summary>
    /// <param name="entry">The entry.</param>
    public static AuditRead Of(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new AuditRead(
            entry.Id,
            RowId.TimeOf(entry.Id),
            CallToken.Of(entry.TokenId, entry.TokenName),
            entry.Role,
            entry.Channel,
            entry.Action,
            entry.Path,
            entry.Subject,
            entry.Address,
            entry.RequestId,
            entry.Status);
    }
}
