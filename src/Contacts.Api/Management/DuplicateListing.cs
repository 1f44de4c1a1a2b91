using System.Buffers.Text;
using System.Text;
using Contacts.Core;
using Contacts.Urns;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;

namespace Contacts.Management;

/// <summary>The query parameters of the report of duplicates.</summary>
public sealed record DuplicateListing
{
    /// <summary>Where the page begins: taken from <c>next</c>.</summary>
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    /// <summary>The most numbers of a page, 1 to 250.</summary>
    [FromQuery(Name = "limit")]
    public int Limit { get; init; } = 50;

    /// <summary>A place in the report as text.</summary>
    /// <param name="place">A URN's identity; null at the end.</param>
    public static string? TextOf(string? place) => place is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place));

    /// <summary>Reads a cursor.</summary>
    /// <param name="text">The text; null for the first page.</param>
    /// <param name="place">The place; null for the first page.</param>
    /// <returns>False when this server did not make it.</returns>
    internal static bool TryRead(string? text, out string? place)
    {
        place = null;
        if (text is null)
            return true;
        if (text.Length is 0 or > 2 * Urn.MaxLength || !Base64Url.IsValid(text))
            return false;
        place = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        return StorableText.Is(place);
    }
}

/// <summary>The shape of the report's query parameters.</summary>
public sealed class DuplicateListingValidator : AbstractValidator<DuplicateListing>
{
    /// <summary>The rules.</summary>
    public DuplicateListingValidator()
    {
        RuleFor(listing => listing.Limit).Must(limit => limit is >= 1 and <= ContactQuery.MaxPageSize)
            .WithMessage($"Must be 1 to {ContactQuery.MaxPageSize}.").OverridePropertyName("limit");
        RuleFor(listing => listing.Cursor).Must(text => DuplicateListing.TryRead(text, out _))
            .WithMessage("Is no cursor of this server.").OverridePropertyName("cursor");
    }
}
