using System.Text.Json;
using Contacts.Core;

namespace Contacts.Dialects.Weni;

/// <summary>A flow as clients read it. Nothing runs here, so that its runs are none.</summary>
/// <example>
/// <code>
/// {"uuid":"…","name":"Survey","type":"message","archived":false,"labels":[],"expires":0,
///  "runs":{"active":0,"completed":0,"interrupted":0,"expired":0},"results":[],"parent_refs":[],"created_on":"…Z","modified_on":"…Z"}
/// </code>
/// </example>
internal static class FlowRead
{
    private static readonly JsonEncodedText CreatedOn = JsonEncodedText.Encode("created_on");
    private static readonly JsonEncodedText ModifiedOn = JsonEncodedText.Encode("modified_on");

    /// <summary>Writes a flow.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="flow">The flow.</param>
    public static void Write(Utf8JsonWriter json, Automation flow)
    {
        json.WriteStartObject();
        json.WriteString("uuid", flow.Id);
        json.WriteString("name", flow.Name);
        json.WriteString("type", flow.Type);
        json.WriteBoolean("archived", flow.ArchivedOn is not null);
        WriteEmptyList(json, "labels");
        json.WriteNumber("expires", 0);
        json.WriteStartObject("runs");
        foreach (var state in (ReadOnlySpan<string>)["active", "completed", "interrupted", "expired"])
            json.WriteNumber(state, 0);
        json.WriteEndObject();
        WriteEmptyList(json, "results");
        WriteEmptyList(json, "parent_refs");
        json.WriteTime(CreatedOn, flow.CreatedOn);
        json.WriteTime(ModifiedOn, flow.ModifiedOn);
        json.WriteEndObject();
    }

    private static void WriteEmptyList(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    }
}
