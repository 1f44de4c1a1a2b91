using System.Text.Json.Serialization;

namespace Contacts.Dialects.Weni.Documentation;

// What the OpenAPI document says of the JSON that the readers and writers of this dialect handle. Nothing is serialised from these:
// a test holds them against real answers.

/// <summary>A contact.</summary>
/// <param name="Uuid">The contact's id.</param>
/// <param name="Name">The full name.</param>
/// <param name="Language">ISO 639-3.</param>
/// <param name="Urns">The addresses, most wanted first, each <c>scheme:path</c>.</param>
/// <param name="Groups">The groups it is a member of.</param>
/// <param name="Fields">Every field of the workspace by its key, null where unset.</param>
/// <param name="Blocked">Whether the workspace shuts it out; null when deleted.</param>
/// <param name="Stopped">Whether it asked to be left alone; null when deleted.</param>
/// <param name="CreatedOn">When it was made, UTC.</param>
/// <param name="ModifiedOn">When it last changed, UTC.</param>
/// <param name="LastSeenOn">When it was last heard of, UTC.</param>
internal sealed record Contact(
    Guid Uuid,
    string? Name,
    string? Language,
    IReadOnlyList<string> Urns,
    IReadOnlyList<GroupReference> Groups,
    IReadOnlyDictionary<string, string?> Fields,
    bool? Blocked,
    bool? Stopped,
    DateTime CreatedOn,
    DateTime ModifiedOn,
    DateTime? LastSeenOn);

/// <summary>A contact without URNs, groups and fields.</summary>
/// <param name="Uuid">The contact's id.</param>
/// <param name="Name">The full name.</param>
/// <param name="Language">ISO 639-3.</param>
/// <param name="Blocked">Whether the workspace shuts it out; null when deleted.</param>
/// <param name="Stopped">Whether it asked to be left alone; null when deleted.</param>
/// <param name="CreatedOn">When it was made, UTC.</param>
/// <param name="ModifiedOn">When it last changed, UTC.</param>
/// <param name="LastSeenOn">When it was last heard of, UTC.</param>
internal sealed record LeanContact(
    Guid Uuid, string? Name, string? Language, bool? Blocked, bool? Stopped, DateTime CreatedOn, DateTime ModifiedOn, DateTime? LastSeenOn);

/// <summary>One action on many contacts.</summary>
/// <param name="Contacts">Up to 100 uuids or URNs.</param>
/// <param name="Action"><c>add</c>, <c>remove</c>, <c>block</c>, <c>unblock</c>, <c>interrupt</c>, <c>archive_messages</c>, <c>delete</c> or <c>archive</c>.</param>
/// <param name="Group">The group's uuid or name, for <c>add</c> and <c>remove</c>.</param>
internal sealed record ContactActionBody(IReadOnlyList<string> Contacts, string Action, string? Group);

/// <summary>Many contacts.</summary>
/// <param name="Contacts">Up to 1,000 bodies of contacts, each with <c>uuid</c>, <c>urn</c> or neither.</param>
internal sealed record BulkBody(IReadOnlyList<BulkItem> Contacts);

/// <summary>One of many contacts: its attributes, and how it is found.</summary>
internal sealed record BulkItem
{
    /// <summary>The contact by its id.</summary>
    public string? Uuid { get; init; }

    /// <summary>The contact by a URN; made with it when nobody has it.</summary>
    public string? Urn { get; init; }

    /// <summary>The full name; null clears it.</summary>
    public string? Name { get; init; }

    /// <summary>ISO 639-3; null clears it.</summary>
    public string? Language { get; init; }

    /// <summary>All its URNs.</summary>
    public IReadOnlyList<string>? Urns { get; init; }

    /// <summary>All its groups.</summary>
    public IReadOnlyList<object>? Groups { get; init; }

    /// <summary>Values by the field's key.</summary>
    public IReadOnlyDictionary<string, string?>? Fields { get; init; }
}

/// <summary>The answers to many contacts.</summary>
/// <param name="Results">One per item, in their order.</param>
internal sealed record BulkAnswer(IReadOnlyList<BulkResult> Results);

/// <summary>The answer to one of many contacts.</summary>
internal sealed record BulkResult
{
    /// <summary>The status that the item would have had alone: 200, 201, 400 or 404.</summary>
    public required int Status { get; init; }

    /// <summary>The contact, when it was written.</summary>
    public Contact? Contact { get; init; }

    /// <summary>Why it was not, in the shape of the call's own errors.</summary>
    public object? Errors { get; init; }
}

/// <summary>The workspace.</summary>
/// <param name="Uuid">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Languages">ISO 639-3.</param>
/// <param name="PrimaryLanguage">The first of them.</param>
/// <param name="Timezone">IANA.</param>
/// <param name="DateStyle"><c>day_first</c>, <c>month_first</c> or <c>year_first</c>.</param>
/// <param name="Anon">Whether addresses are hidden.</param>
internal sealed record Workspace(
    Guid Uuid, string Name, string? Country, IReadOnlyList<string> Languages, string? PrimaryLanguage, string Timezone, string DateStyle, bool Anon);

/// <summary>A flow.</summary>
/// <param name="Uuid">The flow's id.</param>
/// <param name="Name">The name.</param>
/// <param name="Type"><c>message</c>, <c>voice</c>, <c>background</c> or <c>survey</c>.</param>
/// <param name="Archived">Whether it was put away.</param>
/// <param name="Labels">Always empty.</param>
/// <param name="Expires">Always 0.</param>
/// <param name="Runs">How many runs there are, by state; always none.</param>
/// <param name="Results">Always empty.</param>
/// <param name="ParentRefs">Always empty.</param>
/// <param name="CreatedOn">When it was made, UTC.</param>
/// <param name="ModifiedOn">When it last changed, UTC.</param>
internal sealed record Flow(
    Guid Uuid,
    string Name,
    string Type,
    bool Archived,
    IReadOnlyList<string> Labels,
    int Expires,
    IReadOnlyDictionary<string, int> Runs,
    IReadOnlyList<string> Results,
    IReadOnlyList<string> ParentRefs,
    DateTime CreatedOn,
    DateTime ModifiedOn);

/// <summary>What to write of a contact. What is left out stays as it is.</summary>
internal sealed record ContactWriteBody
{
    /// <summary>The full name, at most 100 characters; null clears it.</summary>
    public string? Name { get; init; }

    /// <summary>ISO 639-3; null clears it.</summary>
    public string? Language { get; init; }

    /// <summary>At most 100 URNs, all that the contact has, most wanted first. Not with a URN in the URL.</summary>
    public IReadOnlyList<string> Urns { get; init; } = [];

    /// <summary>At most 100 groups, all that the contact is in: each a uuid, a name, or an object with a uuid.</summary>
    public IReadOnlyList<object> Groups { get; init; } = [];

    /// <summary>Values by the field's key, at most 100; null or an empty text clears, fields that are not named stay.</summary>
    public IReadOnlyDictionary<string, string?> Fields { get; init; } = new Dictionary<string, string?>();
}

/// <summary>A group by its id and name.</summary>
/// <param name="Uuid">The group's id.</param>
/// <param name="Name">The group's name.</param>
internal sealed record GroupReference(Guid Uuid, string Name);

/// <summary>A field.</summary>
/// <param name="Key">The name in URLs and JSON.</param>
/// <param name="Label">The name for people.</param>
/// <param name="ValueType">How values are answered.</param>
/// <param name="Pinned">Whether the field is shown first.</param>
internal sealed record Field(string Key, string Label, FieldValueType ValueType, bool Pinned);

/// <summary>What to write of a field.</summary>
/// <param name="Label">The name for people: letters, digits, spaces, hyphens and underscores, at most 36, unique.</param>
/// <param name="ValueType">How values are answered.</param>
internal sealed record FieldWriteBody(string Label, FieldValueType ValueType);

/// <summary>How the values of a field are answered.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FieldValueType>))]
internal enum FieldValueType
{
    /// <summary>As they were written.</summary>
    [JsonStringEnumMemberName("text")]
    Text,

    /// <summary>As numbers.</summary>
    [JsonStringEnumMemberName("numeric")]
    Numeric,

    /// <summary>As times.</summary>
    [JsonStringEnumMemberName("datetime")]
    Datetime,

    /// <summary>As states.</summary>
    [JsonStringEnumMemberName("state")]
    State,

    /// <summary>As districts.</summary>
    [JsonStringEnumMemberName("district")]
    District,

    /// <summary>As wards.</summary>
    [JsonStringEnumMemberName("ward")]
    Ward,
}

/// <summary>A group.</summary>
/// <param name="Uuid">The group's id.</param>
/// <param name="Name">The name, unique in any case.</param>
/// <param name="Query">The search that fills it; null for a static group.</param>
/// <param name="Status">Always <c>ready</c>.</param>
/// <param name="Count">How many contacts are in it.</param>
internal sealed record Group(Guid Uuid, string Name, string? Query, string Status, long Count);

/// <summary>What to write of a group.</summary>
/// <param name="Name">The name, at most 64 characters, beginning with a letter, digit or underscore, unique in any case.</param>
internal sealed record GroupWriteBody(string Name);

/// <summary>A campaign.</summary>
/// <param name="Uuid">The campaign's id.</param>
/// <param name="Name">The name.</param>
/// <param name="Archived">Whether it was put away.</param>
/// <param name="Group">The group that it addresses.</param>
/// <param name="CreatedOn">When it was made, UTC.</param>
internal sealed record Campaign(Guid Uuid, string Name, bool Archived, GroupReference Group, DateTime CreatedOn);

/// <summary>What to write of a campaign.</summary>
/// <param name="Name">The name, at most 64 characters, unique.</param>
/// <param name="Group">The group's uuid or name.</param>
internal sealed record CampaignWriteBody(string Name, string Group);

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Next">The URL of the following page, or null at the end.</param>
/// <param name="Previous">The URL of the preceding page, or null at the start.</param>
/// <param name="Results">The objects.</param>
internal sealed record Listed<T>(string? Next, string? Previous, IReadOnlyList<T> Results);

/// <summary>Why a call was refused as such.</summary>
/// <param name="Detail">The reason.</param>
internal sealed record Refused(string Detail);
