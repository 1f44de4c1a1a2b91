using System.Text.Json;
using Contacts.Core;

namespace Contacts.Dialects.Weni;

/// <summary>A field as clients read it.</summary>
/// <example><code>{"key":"nick_name","label":"Nick Name","value_type":"text","pinned":false}</code></example>
internal static class FieldRead
{
    /// <summary>Writes a field.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="field">The field.</param>
    public static void Write(Utf8JsonWriter json, Field field)
    {
        json.WriteStartObject();
        json.WriteString("key", field.Key);
        json.WriteString("label", field.Label);
        json.WriteString("value_type", NameOf(field.ValueType));
        json.WriteBoolean("pinned", false);
        json.WriteEndObject();
    }

    /// <summary>The type that a name stands for, or null.</summary>
    /// <param name="name">The name, exactly.</param>
    public static FieldType? TypeOf(string name)
    {
        foreach (var type in Enum.GetValues<FieldType>())
        {
            if (NameOf(type) == name)
                return type;
        }

        return null;
    }

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
