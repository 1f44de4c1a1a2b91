namespace Contacts.Core;

/// <summary>By what a search is ordered.</summary>
public enum ContactSort
{
    /// <summary>By the time of creation.</summary>
    Created,

    /// <summary>By the time of the last change.</summary>
    Modified,

    /// <summary>By name, those without one first.</summary>
    Name,

    /// <summary>By the time when they were last heard of, those never heard of first.</summary>
    LastSeen,
}

/// <summary>A place in the results of a search: right after one contact, whether or not it is still there.</summary>
/// <param name="Sort">What the results are ordered by.</param>
/// <param name="Key">The contact's name or time (in ticks, UTC) as text; empty when ordered by creation.</param>
/// <param name="Id">The contact's id.</param>
public sealed record SearchCursor(ContactSort Sort, string Key, Guid Id);

/// <summary>Which living contacts a search is for. All filters given must match; texts are compared in any case unless it says otherwise.</summary>
public sealed record ContactSearch
{
    /// <summary>A part of the name, of a phone number or of an e-mail address.</summary>
    public string? Text { get; init; }

    /// <summary>A phone number: one of the identities that it may have, exactly.</summary>
    public IReadOnlyList<string>? NumberIs { get; init; }

    /// <summary>Digits that stand together in a phone number.</summary>
    public string? NumberContains { get; init; }

    /// <summary>The identity of an e-mail address, exactly.</summary>
    public string? EmailIs { get; init; }

    /// <summary>A part of an e-mail address.</summary>
    public string? EmailContains { get; init; }

    /// <summary>The whole name, exactly.</summary>
    public string? NameIs { get; init; }

    /// <summary>A part of the name.</summary>
    public string? NameContains { get; init; }

    /// <summary>The beginning of the name.</summary>
    public string? NameStartsWith { get; init; }

    /// <summary>Tags that all must be there, exactly.</summary>
    public IReadOnlyList<string>? AllTags { get; init; }

    /// <summary>Tags of which one must be there, exactly.</summary>
    public IReadOnlyList<string>? AnyTags { get; init; }

    /// <summary>Where the contact came from, exactly.</summary>
    public string? Source { get; init; }

    /// <summary>The stage that it is in.</summary>
    public Guid? StageId { get; init; }

    /// <summary>Last heard of before this.</summary>
    public DateTime? SeenBefore { get; init; }

    /// <summary>Last heard of after this.</summary>
    public DateTime? SeenAfter { get; init; }

    /// <summary>Made before this.</summary>
    public DateTime? CreatedBefore { get; init; }

    /// <summary>Made after this.</summary>
    public DateTime? CreatedAfter { get; init; }

    /// <summary>By what the results are ordered.</summary>
    public ContactSort Sort { get; init; }

    /// <summary>The least first in place of the greatest first.</summary>
    public bool Ascending { get; init; }

    /// <summary>How many contacts a page has.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary>Where the page begins; null for the first. Its order must be this search's.</summary>
    public SearchCursor? From { get; init; }
}

/// <summary>A page of what a search found.</summary>
/// <param name="Contacts">The contacts, in order.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Next">Where the following page begins, or null at the end.</param>
public sealed record SearchPage(IReadOnlyList<Contact> Contacts, long Total, SearchCursor? Next);
