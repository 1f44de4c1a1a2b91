using System.Text.Json;
using Contacts.Core;

namespace Contacts.Dialects.Weni;

/// <summary>A campaign as clients read it.</summary>
/// <example>
/// <code>{"uuid":"…","name":"Reminders","archived":false,"group":{"uuid":"…","name":"Reporters"},"created_on":"2026-11-20T09:36:19.765974Z"}</code>
/// </example>
internal static class CampaignRead
{
    private static readonly JsonEncodedText CreatedOn = JsonEncodedText.Encode("created_on");

    /// <summary>Writes a campaign.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="grouped">The campaign with its group.</param>
    public static void Write(Utf8JsonWriter json, GroupedCampaign grouped)
    {
        json.WriteStartObject();
        json.WriteString("uuid", grouped.Campaign.Id);
        json.WriteString("name", grouped.Campaign.Name);
        json.WriteBoolean("archived", grouped.Campaign.ArchivedOn is not null);
        json.WriteStartObject("group");
        json.WriteString("uuid", grouped.Group.Id);
        json.WriteString("name", grouped.Group.Name);
        json.WriteEndObject();
        json.WriteTime(CreatedOn, grouped.Campaign.CreatedOn);
        json.WriteEndObject();
    }
}
