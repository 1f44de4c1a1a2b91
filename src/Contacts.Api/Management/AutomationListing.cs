using Contacts.Core;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>The query parameters of a list.</summary>
public sealed record AutomationListing
{
    /// <summary>Those put away, or those in use; both when left out.</summary>
    [FromQuery(Name = "archived")]
    public bool? Archived { get; init; }

    /// <summary>Those that use the group with this uuid.</summary>
    [FromQuery(Name = "group")]
    public Guid? Group { get; init; }

    /// <summary>Where the page begins: taken from <c>next</c> and <c>previous</c>.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The size of a page, 1 to 250.</summary>
    [FromQuery(Name = "limit")]
    public int Limit { get; init; } = ContactQuery.MaxPageSize;

    /// <summary>The query that the parameters, which are of a valid shape, stand for.</summary>
    /// <param name="kind">Triggers, flows or campaigns.</param>
    public AutomationQuery QueryOf(AutomationKind kind) =>
        new(kind) { IsArchived = Archived, GroupId = Group, PageSize = Limit, From = TryRead(Cursor, out var from) ? from : null };

    /// <summary>A cursor as text: the direction, then the object's id.</summary>
    /// <param name="cursor">The cursor.</param>
    public static string? TextOf(Cursor? cursor) => cursor is { } place ? (place.Backwards ? "p" : "n") + place.Id.ToString("N") : null;

    /// <summary>Reads a cursor.</summary>
    /// <param name="text">The text; null for the first page.</param>
    /// <param name="cursor">The cursor; null for the first page.</param>
    /// <returns>False when this server did not make it.</returns>
    internal static bool TryRead(string? text, out Cursor? cursor)
    {
        cursor = null;
        if (text is null)
            return true;
        if (text.Length == 0 || text[0] is not ('n' or 'p') || !Guid.TryParseExact(text[1..], "N", out var id))
            return false;
        cursor = new Cursor(text[0] == 'p', null, id);
        return true;
    }
}

/// <summary>The shape of a list's query parameters.</summary>
public sealed class AutomationListingValidator : AbstractValidator<AutomationListing>
{
    /// <summary>The rules.</summary>
    public AutomationListingValidator()
    {
        RuleFor(listing => listing.Limit).Must(limit => limit is >= 1 and <= ContactQuery.MaxPageSize)
            .WithMessage($"Must be 1 to {ContactQuery.MaxPageSize}.").OverridePropertyName("limit");
        RuleFor(listing => listing.Cursor).Must(text => AutomationListing.TryRead(text, out _))
            .WithMessage("Is no cursor of this server.").OverridePropertyName("cursor");
    }
}
