using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Dialects.Weni;

/// <summary>A field as clients read it.</summary>
/// <example><code>{"key":"nick_name","label":"Nick Name","value_type":"text","pinned":false}</code></example>
internal static class FieldRead
{
    /// <summary>Writes a field.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="field">The field.</param>
    /// <param name="workspace">The workspace, which says whose clients read it.</param>
    public static void Write(Utf8JsonWriter json, Field field, Workspace workspace)
    {
        json.WriteStartObject();
        json.WriteString("key", field.Key);
        json.WriteString("label", field.Label);
        json.WriteString("value_type", NameOf(field.ValueType));
        json.WriteBoolean("pinned", false);
        if (Profiles.IsUpstream(workspace))
            WriteUpstream(json, field);
        json.WriteEndObject();
    }

    private static void WriteUpstream(Utf8JsonWriter json, Field field)
    {
        json.WriteString("name", field.Label);
        json.WriteString("type", field.ValueType == FieldType.Numeric ? Profiles.UpstreamNumber : NameOf(field.ValueType));
        json.WriteBoolean("featured", false);
        json.WriteNumber("priority", 0);
        json.WriteStartObject("usages");
        json.WriteNumber("campaign_events", 0);
        json.WriteNumber("flows", 0);
        json.WriteNumber("groups", 0);
        json.WriteEndObject();
        json.WriteString("agent_access", "view");
    }

    /// <summary>The names of the types.</summary>
    public static readonly string[] Types = [.. Enum.GetValues<FieldType>().Select(NameOf)];

    /// <summary>The type that a name stands for.</summary>
    /// <param name="name">One of <see cref="Types"/>.</param>
    public static FieldType TypeOf(string name) => (FieldType)Array.IndexOf(Types, name);

    private static string NameOf(FieldType type) => type switch
    {
        FieldType.Text => "text",
        FieldType.Numeric => "numeric",
        FieldType.Datetime => "datetime",
        FieldType.State => "state",
        FieldType.District => "district",
        FieldType.Ward => "ward",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "An unknown type of field."),
    };
}
