using Contacts.Data;
using Contacts.Urns;
using Npgsql;

namespace Contacts.Core;

/// <summary>By what a list of contacts is ordered.</summary>
public enum ContactOrder
{
    /// <summary>By the time of the last change.</summary>
    Modified,

    /// <summary>By the time of creation.</summary>
    Created,
}

/// <summary>Which contacts, in which order, from where. All filters given must match.</summary>
public sealed record ContactQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxPageSize = 250;

    /// <summary>The contact with this id.</summary>
    public Guid? Id { get; init; }

    /// <summary>The contact with this URN.</summary>
    public Urn? Urn { get; init; }

    /// <summary>Contacts whose name contains this, in any case.</summary>
    public string? NameContains { get; init; }

    /// <summary>Contacts named exactly so, or with this text as a URN.</summary>
    public string? Search { get; init; }

    /// <summary>The text of <see cref="Search"/> read as a URN, when it is one.</summary>
    public Urn? SearchUrn { get; init; }

    /// <summary>Members of this group.</summary>
    public Guid? GroupId { get; init; }

    /// <summary>Contacts that have one of these, exactly: identities of URNs.</summary>
    public IReadOnlyList<string>? Identities { get; init; }

    /// <summary>Contacts of this status.</summary>
    public ContactStatus? Status { get; init; }

    /// <summary>Contacts with a value of this field.</summary>
    public Guid? FieldId { get; init; }

    /// <summary>What the value of <see cref="FieldId"/> reads, in any case, <c>*</c> standing for anything; null for any value.</summary>
    public string? FieldText { get; init; }

    /// <summary>Last changed at this time or earlier.</summary>
    public DateTime? ModifiedUntil { get; init; }

    /// <summary>Last changed at this time or later.</summary>
    public DateTime? ModifiedSince { get; init; }

    /// <summary>The deleted contacts in place of the living ones.</summary>
    public bool Deleted { get; init; }

    /// <summary>By what the list is ordered.</summary>
    public ContactOrder Order { get; init; }

    /// <summary>Oldest first in place of newest first.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>How many contacts a page has.</summary>
    public int PageSize { get; init; } = MaxPageSize;

    /// <summary>How long the search may take before it is given up with a <see cref="TimeoutException"/> within what is thrown; null for the connection's own limit.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Where the page begins or ends; null for the first.</summary>
    public Cursor? From { get; init; }

    /// <summary>Reads the page: one statement, whatever its depth.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<Page<Contact>> ReadAsync(NpgsqlConnection connection, Guid workspaceId, CancellationToken cancellation)
    {
        var read = await new ContactListRows(workspaceId, this).ReadAsync(connection, cancellation);
        return Page<Contact>.Of(read, PageSize, From, contact => (Order == ContactOrder.Created ? null : contact.ModifiedOn, contact.Id));
    }

    /// <summary>A text as a part of a LIKE pattern that means the text itself.</summary>
    /// <param name="text">Any text.</param>
    internal static string EscapeLike(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
