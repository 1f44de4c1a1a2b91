using System.Text.Json;
using System.Text.Json.Serialization;
using Contacts.Urns;

namespace Contacts.Core;

/// <summary>What can happen to a book that others may want to know of.</summary>
public enum EventKind
{
    /// <summary>A contact was made.</summary>
    ContactCreated,

    /// <summary>A contact changed.</summary>
    ContactUpdated,

    /// <summary>A contact was deleted.</summary>
    ContactDeleted,

    /// <summary>A contact went to another stage of the funnel, or out of it.</summary>
    ContactStageMoved,

    /// <summary>A stage was made.</summary>
    StageCreated,

    /// <summary>A stage changed.</summary>
    StageUpdated,

    /// <summary>Nothing happened: somebody tries whether a webhook works.</summary>
    Test,
}

/// <summary>
/// Something that happened, as it is told to whoever subscribed, in no dialect's words. It holds what was true right after it, so that telling it again
/// tells the same. Kept as JSON; absent parts are left out.
/// </summary>
public sealed record ContactEvent
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = EventJson.Default,
    };

    /// <summary>What happened. A column of its own.</summary>
    [JsonIgnore]
    public EventKind Kind { get; init; }

    /// <summary>The contact or stage. A column of its own.</summary>
    [JsonIgnore]
    public Guid SubjectId { get; init; }

    /// <summary>When, UTC. For a contact its new time of change, so no two events of one contact have the same.</summary>
    public required DateTime At { get; init; }

    /// <summary>The name of the token that did it, so that an integration can tell its own changes; null when it was no call.</summary>
    public string? By { get; init; }

    /// <summary>The names of the attributes that changed: see <see cref="EventAttributes"/>.</summary>
    public IReadOnlyList<string>? Changed { get; init; }

    /// <summary>The name before the change; null when there was none, or when it did not change.</summary>
    public string? PreviousName { get; init; }

    /// <summary>The name of the contact or stage.</summary>
    public string? Name { get; init; }

    /// <summary>The contact's phone number with a plus: of its first <c>tel</c> URN, else of its first <c>whatsapp</c> one.</summary>
    public string? Phone { get; init; }

    /// <summary>The contact's first e-mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The contact's tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Where the contact came from.</summary>
    public string? Source { get; init; }

    /// <summary>The stage that the contact left.</summary>
    public NamedStage? PreviousStage { get; init; }

    /// <summary>The stage that the contact is in.</summary>
    public NamedStage? Stage { get; init; }

    /// <summary>A stage's colour.</summary>
    public string? Color { get; init; }

    /// <summary>A stage's place in the funnel, from 0.</summary>
    public int? Position { get; init; }

    /// <summary>When the contact or stage was made.</summary>
    public DateTime? CreatedOn { get; init; }

    /// <summary>Where the event stands among those of its subject: a move comes after what else changed with it.</summary>
    [JsonIgnore]
    public DateTime Order => Kind == EventKind.ContactStageMoved ? At.AddTicks(TimeSpan.TicksPerMicrosecond / 2) : At;

    /// <summary>The event of a contact's move from stage to stage; null when it did not move, or was made or deleted. The stages' names are not known yet.</summary>
    /// <param name="before">The contact before the change; null when it was made.</param>
    /// <param name="after">The contact after it.</param>
    /// <param name="by">The name of the token that did it, or null.</param>
    /// <param name="hidesAddresses">Whether the workspace hides addresses from readers.</param>
    public static ContactEvent? OfMove(Contact? before, Contact after, string? by, bool hidesAddresses)
    {
        ArgumentNullException.ThrowIfNull(after);
        if (before is null || after.IsDeleted || before.StageId == after.StageId)
            return null;
        return new ContactEvent
        {
            Kind = EventKind.ContactStageMoved,
            SubjectId = after.Id,
            At = after.ModifiedOn,
            By = by,
            Phone = hidesAddresses ? null : EventAttributes.PhoneOf(after.Urns),
            PreviousStage = before.StageId is { } left ? new NamedStage(left, null) : null,
            Stage = after.StageId is { } entered ? new NamedStage(entered, null) : null,
        };
    }

    /// <summary>The event of a contact's change.</summary>
    /// <param name="before">The contact before it; null when it was made.</param>
    /// <param name="after">The contact after it, another instance.</param>
    /// <param name="by">The name of the token that did it, or null.</param>
    /// <param name="hidesAddresses">Whether the workspace hides addresses from readers; then the event has none.</param>
    public static ContactEvent Of(Contact? before, Contact after, string? by, bool hidesAddresses)
    {
        ArgumentNullException.ThrowIfNull(after);
        if (after.IsDeleted)
            return new ContactEvent { Kind = EventKind.ContactDeleted, SubjectId = after.Id, At = after.ModifiedOn, By = by };
        return new ContactEvent
        {
            Kind = before is null ? EventKind.ContactCreated : EventKind.ContactUpdated,
            SubjectId = after.Id,
            At = after.ModifiedOn,
            By = by,
            Changed = before is null ? null : EventAttributes.Changed(before, after),
            PreviousName = before is null || before.Name == after.Name ? null : before.Name,
            Name = after.Name,
            Phone = hidesAddresses ? null : EventAttributes.PhoneOf(after.Urns),
            Email = hidesAddresses ? null : EventAttributes.EmailOf(after.Urns),
            Tags = after.Tags.Count == 0 ? null : after.Tags,
            Source = after.Profile.Source,
            CreatedOn = after.CreatedOn,
        };
    }

    /// <summary>The event as it is kept, without its kind and subject.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads an event as it is kept.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="subjectId">Its subject.</param>
    /// <param name="json">The rest of it.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static ContactEvent Parse(EventKind kind, Guid subjectId, string json) =>
        (JsonSerializer.Deserialize<ContactEvent>(json, Json) ?? throw new JsonException("An event is a JSON object.")) with { Kind = kind, SubjectId = subjectId };
}

/// <summary>A stage as it was called then.</summary>
/// <param name="Id">The stage.</param>
/// <param name="Name">Its name; null when it was not there any more.</param>
public sealed record NamedStage(Guid Id, string? Name);

/// <summary>The names of a contact's attributes in events, and what they are made of.</summary>
public static class EventAttributes
{
    private const string Tel = "tel";
    private const string WhatsApp = "whatsapp";
    private const string Mailto = "mailto";

    /// <summary>The names of the attributes in which two states of a contact differ, always in the same order.</summary>
    /// <param name="before">The earlier state.</param>
    /// <param name="after">The later one.</param>
    public static IReadOnlyList<string> Changed(Contact before, Contact after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var names = new List<string>();
        AddIf(names, "name", before.Name != after.Name);
        AddIf(names, "language", before.Language != after.Language);
        AddIf(names, "status", before.Status != after.Status);
        if (!ReferenceEquals(before.Urns, after.Urns))
        {
            AddIf(names, "phone", PhoneOf(before.Urns) != PhoneOf(after.Urns));
            AddIf(names, "email", EmailOf(before.Urns) != EmailOf(after.Urns));
            AddIf(names, "urns", true);
        }

        AddIf(names, "fields", !ReferenceEquals(before.Fields, after.Fields));
        AddIf(names, "groups", !ReferenceEquals(before.GroupIds, after.GroupIds));
        AddIf(names, "tags", !ReferenceEquals(before.Tags, after.Tags));
        if (!ReferenceEquals(before.Profile, after.Profile))
            CompareProfiles(names, before.Profile, after.Profile);
        return names;
    }

    /// <summary>The phone number with a plus, or null.</summary>
    /// <param name="urns">A contact's URNs.</param>
    public static string? PhoneOf(IReadOnlyList<Urn> urns) => PathOf(urns, Tel) ?? (PathOf(urns, WhatsApp) is { } path ? WithPlus(path) : null);

    /// <summary>The e-mail address, or null.</summary>
    /// <param name="urns">A contact's URNs.</param>
    public static string? EmailOf(IReadOnlyList<Urn> urns) => PathOf(urns, Mailto);

    private static void CompareProfiles(List<string> names, ContactProfile before, ContactProfile after)
    {
        AddIf(names, "avatar", before.AvatarUrl != after.AvatarUrl);
        AddIf(names, "notes", before.Notes != after.Notes);
        AddIf(names, "source", before.Source != after.Source);
        AddIf(names, "company", before.Company != after.Company);
        AddIf(names, "address", before.Address != after.Address);
        AddIf(names, "city", before.City != after.City);
        AddIf(names, "state", before.State != after.State);
        AddIf(names, "postal_code", before.PostalCode != after.PostalCode);
        AddIf(names, "country", before.Country != after.Country);
        AddIf(names, "external_ids", !AreSame(before.ExternalIds, after.ExternalIds));
        AddIf(names, "custom_values", !AreSame(before.CustomValues, after.CustomValues));
    }

    private static bool AreSame(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        ReferenceEquals(before, after)
        || (before.Count == after.Count && before.All(item => after.TryGetValue(item.Key, out var value) && value == item.Value));

    // A WhatsApp id of a business is no number.
    private static string? WithPlus(string path) => path.All(char.IsAsciiDigit) ? "+" + path : null;

    private static string? PathOf(IReadOnlyList<Urn> urns, string scheme)
    {
        foreach (var urn in urns)
        {
            if (urn.Scheme == scheme)
                return urn.Path;
        }

        return null;
    }

    private static void AddIf(List<string> names, string name, bool differs)
    {
        if (differs)
            names.Add(name);
    }
}

/// <summary>How events are read and written without reflection.</summary>
[JsonSerializable(typeof(ContactEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
