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
    /// <param name="campaign">The campaign with its one group.</param>
    public static void Write(Utf8JsonWriter json, GroupedAutomation campaign)
    {
        json.WriteStartObject();
        json.WriteString("uuid", campaign.Automation.Id);
        json.WriteString("name", campaign.Automation.Name);
        json.WriteBoolean("archived", campaign.Automation.ArchivedOn is not null);
        json.WriteStartObject("group");
        json.WriteString("uuid", campaign.Groups[0].Id);
        json.WriteString("name", campaign.Groups[0].Name);
        json.WriteEndObject();
        json.WriteTime(CreatedOn, campaign.Automation.CreatedOn);
        json.WriteEndObject();
    }
}
