using System.Text.Json;
using Contacts.Core;
using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Dialects.Whaapy;

/// <summary>A contact as clients read it.</summary>
/// <example>
/// <code>
/// {"id":"550e8400-e29b-41d4-a716-446655440000","phone_number":"+5215512345678","name":"Juan Pérez","email":"juan@email.com","avatar_url":null,
///  "tags":["cliente","premium"],"custom_fields":{"role":"CEO"},"external_ids":{"hubspot":"abc123"},"notes":null,"funnel_stage":null,"source":"api",
///  "company":"Acme Inc","address":null,"city":"Ciudad de México","state":null,"postal_code":null,"country":"MX","last_contact_at":null,
///  "created_at":"2026-01-28T12:00:00Z","updated_at":"2026-01-28T12:00:00Z"}
/// </code>
/// </example>
internal static class ContactRead
{
    private const string Mask = "********";

    private static readonly JsonEncodedText LastContactAt = JsonEncodedText.Encode("last_contact_at");
    private static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("created_at");
    private static readonly JsonEncodedText UpdatedAt = JsonEncodedText.Encode("updated_at");

    /// <summary>The phone number: of the first <c>tel</c> URN, else of the first number on WhatsApp; null when there is none.</summary>
    /// <param name="contact">The contact.</param>
    public static string? PhoneOf(Contact contact)
    {
        string? whatsApp = null;
        foreach (var urn in contact.Urns)
        {
            if (urn.Scheme == "tel")
                return urn.Path;
            whatsApp ??= urn.Scheme == "whatsapp" ? urn.OtherChannel()?.Path : null;
        }

        return whatsApp;
    }

    /// <summary>The e-mail address, or null.</summary>
    /// <param name="contact">The contact.</param>
    public static string? EmailOf(Contact contact) => contact.Urns.Where(urn => urn.Scheme == "mailto").Select((Urn urn) => urn.Path).FirstOrDefault();

    /// <summary>Writes a contact.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="contact">The contact.</param>
    /// <param name="workspace">The workspace, which says whether addresses are shown.</param>
    /// <param name="stages">The stages that exist, by id.</param>
    public static void Write(Utf8JsonWriter json, Contact contact, Workspace workspace, IReadOnlyDictionary<Guid, Stage> stages)
    {
        var profile = contact.Profile;
        json.WriteStartObject();
        json.WriteString("id", contact.Id);
        json.WriteString("phone_number", Shown(PhoneOf(contact), workspace));
        json.WriteString("name", contact.Name);
        json.WriteString("email", Shown(EmailOf(contact), workspace));
        json.WriteString("avatar_url", profile.AvatarUrl);
        json.WriteStartArray("tags");
        foreach (var tag in contact.Tags)
            json.WriteStringValue(tag);
        json.WriteEndArray();
        json.WritePropertyName("custom_fields");
        profile.WriteCustomValues(json);
        json.WriteStartObject("external_ids");
        foreach (var (system, id) in profile.ExternalIds)
            json.WriteString(system, id);
        json.WriteEndObject();
        json.WriteString("notes", profile.Notes);
        json.WritePropertyName("funnel_stage");
        StageRead.WriteReference(json, contact.StageId, stages);
        json.WriteString("source", profile.Source);
        json.WriteString("company", profile.Company);
        json.WriteString("address", profile.Address);
        json.WriteString("city", profile.City);
        json.WriteString("state", profile.State);
        json.WriteString("postal_code", profile.PostalCode);
        json.WriteString("country", profile.Country);
        json.WriteTime(LastContactAt, contact.LastSeenOn);
        json.WriteTime(CreatedAt, contact.CreatedOn);
        json.WriteTime(UpdatedAt, contact.ModifiedOn);
        json.WriteEndObject();
    }

    private static string? Shown(string? address, Workspace workspace) => address is not null && workspace.IsAnonymous ? Mask : address;
}
