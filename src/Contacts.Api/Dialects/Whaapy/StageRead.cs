using System.Text.Json;
using Contacts.Core;

namespace Contacts.Dialects.Whaapy;

/// <summary>A stage as clients read it.</summary>
/// <example>
/// <code>
/// {"id":"550e8400-e29b-41d4-a716-446655440003","name":"Negotiation","position":3,"color":"#f59e0b","contact_count":0,
///  "created_at":"2026-01-28T12:00:00Z","updated_at":"2026-01-28T12:00:00Z"}
/// </code>
/// </example>
internal static class StageRead
{
    private static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("created_at");
    private static readonly JsonEncodedText UpdatedAt = JsonEncodedText.Encode("updated_at");

    /// <summary>The answer that holds a stage.</summary>
    /// <param name="status">The status.</param>
    /// <param name="stage">The stage.</param>
    public static JsonAnswer Answer(int status, CountedStage stage) => new(status, json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("stage");
        Write(json, stage);
        json.WriteEndObject();
    });

    /// <summary>Writes an array of stages.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="stages">The stages.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<CountedStage> stages)
    {
        json.WriteStartArray();
        foreach (var stage in stages)
            Write(json, stage);
        json.WriteEndArray();
    }

    /// <summary>Writes a stage by its id and name; null when there is none, or it is not there any more.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="id">The stage's id, or null.</param>
    /// <param name="stages">The stages that exist, by id.</param>
    public static void WriteReference(Utf8JsonWriter json, Guid? id, IReadOnlyDictionary<Guid, Stage> stages)
    {
        if (id is not { } known || !stages.TryGetValue(known, out var stage))
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("id", stage.Id);
        json.WriteString("name", stage.Name);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CountedStage counted)
    {
        json.WriteStartObject();
        json.WriteString("id", counted.Stage.Id);
        json.WriteString("name", counted.Stage.Name);
        json.WriteNumber("position", counted.Stage.Position);
        json.WriteString("color", counted.Stage.Color);
        json.WriteNumber("contact_count", counted.Count);
        json.WriteTime(CreatedAt, counted.Stage.CreatedOn);
        json.WriteTime(UpdatedAt, counted.Stage.ModifiedOn);
        json.WriteEndObject();
    }
}
