namespace Contacts.Dialects.Whaapy.Documentation;

// What the OpenAPI document says of the JSON that the readers and writers of this dialect handle. Nothing is serialised from these:
// a test holds them against real answers.

/// <summary>A contact.</summary>
internal sealed record Contact
{
    /// <summary>The contact's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>E.164; null for a contact that the other dialect made without a number.</summary>
    public required string? PhoneNumber { get; init; }

    /// <summary>The full name.</summary>
    public required string? Name { get; init; }

    /// <summary>The e-mail address.</summary>
    public required string? Email { get; init; }

    /// <summary>The address of a picture.</summary>
    public required string? AvatarUrl { get; init; }

    /// <summary>Words to sort by.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Values by key, of any type.</summary>
    public required IReadOnlyDictionary<string, object> CustomFields { get; init; }

    /// <summary>Ids in other systems, by system.</summary>
    public required IReadOnlyDictionary<string, string> ExternalIds { get; init; }

    /// <summary>Notes.</summary>
    public required string? Notes { get; init; }

    /// <summary>The stage of the funnel.</summary>
    public required StageReference? FunnelStage { get; init; }

    /// <summary>Where the contact came from.</summary>
    public required string? Source { get; init; }

    /// <summary>The company's name.</summary>
    public required string? Company { get; init; }

    /// <summary>Street and number.</summary>
    public required string? Address { get; init; }

    /// <summary>The city.</summary>
    public required string? City { get; init; }

    /// <summary>The state or province.</summary>
    public required string? State { get; init; }

    /// <summary>The postal code.</summary>
    public required string? PostalCode { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string? Country { get; init; }

    /// <summary>When it was last heard of, UTC.</summary>
    public required DateTime? LastContactAt { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it last changed, UTC.</summary>
    public required DateTime UpdatedAt { get; init; }
}

/// <summary>What to write of a contact. What is left out stays as it is, null clears.</summary>
internal sealed record ContactBody
{
    /// <summary>E.164. Required to make a contact.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>The full name, at most 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>The e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The address of a picture.</summary>
    public string? AvatarUrl { get; init; }

    /// <summary>All tags, at most 100; also as one text with commas.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Tags to add.</summary>
    public IReadOnlyList<string>? AddTags { get; init; }

    /// <summary>Tags to take away.</summary>
    public IReadOnlyList<string>? RemoveTags { get; init; }

    /// <summary>Values by key, merged; null removes one.</summary>
    public IReadOnlyDictionary<string, object?>? CustomFields { get; init; }

    /// <summary>Ids in other systems, merged; null removes one.</summary>
    public IReadOnlyDictionary<string, string?>? ExternalIds { get; init; }

    /// <summary>Notes.</summary>
    public string? Notes { get; init; }

    /// <summary>The stage of the funnel.</summary>
    public Guid? FunnelStageId { get; init; }

    /// <summary>Where the contact came from; <c>api</c> unless a new contact says otherwise.</summary>
    public string? Source { get; init; }

    /// <summary>The company's name.</summary>
    public string? Company { get; init; }

    /// <summary>Street and number.</summary>
    public string? Address { get; init; }

    /// <summary>The city.</summary>
    public string? City { get; init; }

    /// <summary>The state or province.</summary>
    public string? State { get; init; }

    /// <summary>The postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>ISO 3166-1 alpha-2; <c>MX</c> unless a new contact says otherwise.</summary>
    public string? Country { get; init; }
}

/// <summary>Which contact to join to the one of the URL.</summary>
/// <param name="MergeWith">The contact that gives what the other lacks, and is deleted; also as <c>mergeWith</c>.</param>
/// <param name="SourceContactId">Another name for it.</param>
internal sealed record MergeBody(Guid? MergeWith, Guid? SourceContactId);

/// <summary>An answer that holds a contact.</summary>
/// <param name="Contact">The contact.</param>
internal sealed record ContactAnswer(Contact Contact);

/// <summary>An answer that holds a contact and its conversations.</summary>
/// <param name="Contact">The contact.</param>
/// <param name="Conversations">Always empty.</param>
internal sealed record ContactWithConversations(Contact Contact, IReadOnlyList<object> Conversations);

/// <summary>A page of contacts.</summary>
/// <param name="Contacts">The contacts.</param>
/// <param name="Pagination">Where it stands in the list.</param>
internal sealed record ContactPage(IReadOnlyList<Contact> Contacts, Pagination Pagination);

/// <summary>A page of contacts that a search found.</summary>
/// <param name="Contacts">The contacts.</param>
/// <param name="Pagination">Where it stands in the list.</param>
/// <param name="FiltersApplied">The filters that were understood.</param>
internal sealed record SearchAnswer(IReadOnlyList<Contact> Contacts, Pagination Pagination, IReadOnlyDictionary<string, object> FiltersApplied);

/// <summary>Where a page stands in its list.</summary>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Limit">The size of a page.</param>
/// <param name="HasMore">Whether another page follows.</param>
/// <param name="NextCursor">What to send as <c>cursor</c> for it.</param>
internal sealed record Pagination(long Total, int Limit, bool HasMore, string? NextCursor);

/// <summary>A search.</summary>
/// <param name="Search">A part of the name, phone number or e-mail address.</param>
/// <param name="Filters">Filters by attribute, each an object of operators.</param>
/// <param name="Sort"><c>field</c> and <c>order</c>.</param>
/// <param name="Limit">1 to 100.</param>
/// <param name="Cursor">Where the page begins.</param>
internal sealed record SearchBody(string? Search, IReadOnlyDictionary<string, object>? Filters, Sorting? Sort, int? Limit, string? Cursor);

/// <summary>An order.</summary>
/// <param name="Field"><c>created_at</c>, <c>updated_at</c>, <c>name</c> or <c>last_contact_at</c>.</param>
/// <param name="Order"><c>asc</c> or <c>desc</c>.</param>
internal sealed record Sorting(string? Field, string? Order);

/// <summary>What to do to many contacts.</summary>
/// <param name="Operation"><c>create</c>, <c>update</c>, <c>delete</c>, <c>tag</c>, <c>untag</c> or <c>set_funnel_stage</c>.</param>
/// <param name="Contacts">Up to 500 contacts to create, or to update by their <c>id</c>.</param>
/// <param name="ContactIds">Up to 500 contacts that the operation is for.</param>
/// <param name="Data">The change for all of <c>contact_ids</c>.</param>
/// <param name="Tags">The tags to add or take away.</param>
/// <param name="FunnelStageId">The stage to move to.</param>
internal sealed record BulkBody(
    string Operation,
    IReadOnlyList<ContactBody>? Contacts,
    IReadOnlyList<Guid>? ContactIds,
    ContactBody? Data,
    IReadOnlyList<string>? Tags,
    Guid? FunnelStageId);

/// <summary>What became of many contacts.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Total">How many items there were.</param>
/// <param name="Succeeded">How many were done.</param>
/// <param name="Failed">How many were refused.</param>
/// <param name="Results">One per item, in their order.</param>
internal sealed record BulkAnswer(string Operation, int Total, int Succeeded, int Failed, IReadOnlyList<BulkItem> Results);

/// <summary>What became of one of many contacts.</summary>
internal sealed record BulkItem
{
    /// <summary>The item's place, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The contact's id.</summary>
    public required string? Id { get; init; }

    /// <summary>Whether it was done.</summary>
    public required bool Success { get; init; }

    /// <summary>Why not, for programs.</summary>
    public string? Error { get; init; }

    /// <summary>Why not, for people.</summary>
    public string? Message { get; init; }

    /// <summary>The contact, unless it was deleted.</summary>
    public Contact? Contact { get; init; }
}

/// <summary>Words in use.</summary>
/// <param name="Name">The word.</param>
/// <param name="Count">How many contacts have it.</param>
internal sealed record Word(string Name, long Count);

/// <summary>The tags in use.</summary>
/// <param name="Tags">The tags, the most used first.</param>
internal sealed record TagsAnswer(IReadOnlyList<Word> Tags);

/// <summary>The custom fields in use.</summary>
/// <param name="Fields">The fields, the most used first.</param>
internal sealed record FieldsAnswer(IReadOnlyList<Word> Fields);

/// <summary>Whether somebody has a number.</summary>
/// <param name="Exists">Whether somebody does.</param>
/// <param name="Contact">Who.</param>
internal sealed record PhoneAnswer(bool Exists, ContactReference? Contact);

/// <summary>A contact by its id and name.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name.</param>
internal sealed record ContactReference(Guid Id, string? Name);

/// <summary>Done.</summary>
/// <param name="Success">Always true.</param>
internal sealed record DoneAnswer(bool Success);

/// <summary>Why a call was refused.</summary>
internal sealed record Refused
{
    /// <summary>For programs.</summary>
    public required string Error { get; init; }

    /// <summary>For people.</summary>
    public required string Message { get; init; }

    /// <summary>What is wrong with each attribute, of a <c>validation_error</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Details { get; init; }

    /// <summary>The contact that is in the way, of a <c>duplicate_contact</c>.</summary>
    public Guid? ExistingContactId { get; init; }
}
