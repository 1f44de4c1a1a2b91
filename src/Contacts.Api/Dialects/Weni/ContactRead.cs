using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Dialects.Weni;

/// <summary>A contact as clients read it.</summary>
/// <example>
/// <code>
/// {"uuid":"faadda18-330e-49ae-8b75-564a3adb23db","name":"Ben Haggerty","language":"eng","urns":["tel:+250788123123"],
///  "groups":[{"uuid":"010b98e7-3ff9-4f7a-8fce-4926e01d04f3","name":"Reporters"}],"fields":{"nick_name":"Ben","age":"39"},
///  "blocked":false,"stopped":false,"created_on":"2026-11-20T09:36:19.765974Z","modified_on":"2026-11-20T09:36:19.765974Z","last_seen_on":null}
/// </code>
/// </example>
internal static class ContactRead
{
    private const string Mask = "********";

    private static readonly JsonEncodedText Uuid = JsonEncodedText.Encode("uuid");
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText Language = JsonEncodedText.Encode("language");
    private static readonly JsonEncodedText Urns = JsonEncodedText.Encode("urns");
    private static readonly JsonEncodedText Groups = JsonEncodedText.Encode("groups");
    private static readonly JsonEncodedText Fields = JsonEncodedText.Encode("fields");
    private static readonly JsonEncodedText Blocked = JsonEncodedText.Encode("blocked");
    private static readonly JsonEncodedText Stopped = JsonEncodedText.Encode("stopped");
    private static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText Flow = JsonEncodedText.Encode("flow");
    private static readonly JsonEncodedText CreatedOn = JsonEncodedText.Encode("created_on");
    private static readonly JsonEncodedText ModifiedOn = JsonEncodedText.Encode("modified_on");
    private static readonly JsonEncodedText LastSeenOn = JsonEncodedText.Encode("last_seen_on");

    /// <summary>The answer to a change.</summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="catalog">Its fields and groups.</param>
    public static JsonAnswer Answer(ContactOutcome outcome, Workspace workspace, Catalog catalog)
    {
        if (outcome.Refusal is { } refusal)
            return Errors.Of(refusal, Endpoints.Contacts.Name);
        var status = outcome.Effect == ContactEffect.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return new JsonAnswer(status, json => Write(json, outcome.Contact!, workspace, catalog));
    }

    /// <summary>Writes a contact. A deleted one keeps its uuid and times, and nothing else.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="contact">The contact.</param>
    /// <param name="workspace">The workspace, which says whether addresses are shown, and to whose clients.</param>
    /// <param name="catalog">Its fields and groups; null to leave out URNs, groups and fields.</param>
    public static void Write(Utf8JsonWriter json, Contact contact, Workspace workspace, Catalog? catalog)
    {
        json.WriteStartObject();
        json.WriteString(Uuid, contact.Id);
        json.WriteString(Name, contact.Name);
        json.WriteString(Language, contact.Language);
        if (catalog is not null)
        {
            WriteUrns(json, contact, workspace);
            WriteGroups(json, contact, catalog);
            WriteFields(json, contact, catalog);
        }

        WriteFlag(json, Blocked, contact, ContactStatus.Blocked);
        WriteFlag(json, Stopped, contact, ContactStatus.Stopped);
        if (Profiles.IsUpstream(workspace))
        {
            json.WriteString(Status, contact.IsDeleted ? null : StatusOf(contact.Status));
            json.WriteNull(Flow);
        }

        json.WriteTime(CreatedOn, contact.CreatedOn);
        json.WriteTime(ModifiedOn, contact.ModifiedOn);
        json.WriteTime(LastSeenOn, contact.LastSeenOn);
        json.WriteEndObject();
    }

    private static string StatusOf(ContactStatus status) => status switch
    {
        ContactStatus.Active => "active",
        ContactStatus.Blocked => "blocked",
        ContactStatus.Stopped => "stopped",
        ContactStatus.Archived => "archived",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "An unknown status."),
    };

    private static void WriteUrns(Utf8JsonWriter json, Contact contact, Workspace workspace)
    {
        json.WriteStartArray(Urns);
        foreach (var urn in contact.Urns)
            json.WriteStringValue(workspace.IsAnonymous ? $"{urn.Scheme}:{Mask}" : urn.ToString());
        json.WriteEndArray();
    }

    private static void WriteGroups(Utf8JsonWriter json, Contact contact, Catalog catalog)
    {
        json.WriteStartArray(Groups);
        foreach (var id in contact.GroupIds)
        {
            // A group that is being deleted still has rows of members for a moment.
            if (catalog.GroupById(id) is not { } group)
                continue;
            json.WriteStartObject();
            json.WriteString(Uuid, group.Id);
            json.WriteString(Name, group.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFields(Utf8JsonWriter json, Contact contact, Catalog catalog)
    {
        json.WriteStartObject(Fields);
        for (var i = 0; i < catalog.Fields.Count && !contact.IsDeleted; i++)
            WriteValue(json, catalog.EncodedKeys[i], contact.Fields[catalog.Fields[i].Id], catalog.Fields[i].ValueType);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, JsonEncodedText key, FieldValue? value, FieldType type)
    {
        if (value is not null && value.TryShow(type, stackalloc char[FieldValue.MaxShownLength], out var shown))
            json.WriteString(key, shown);
        else
            json.WriteNull(key);
    }

    private static void WriteFlag(Utf8JsonWriter json, JsonEncodedText name, Contact contact, ContactStatus status)
    {
        if (contact.IsDeleted)
            json.WriteNull(name);
        else
            json.WriteBoolean(name, contact.Status == status);
    }
}
