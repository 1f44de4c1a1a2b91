using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Contacts.Core;
using Contacts.Webhooks;
using Contacts.Workspaces;

namespace Contacts.Dialects.Whaapy;

/// <summary>
/// Events in the dialect's words: <c>{"event":"contact.created","data":{…},"timestamp":"…","businessId":"…"}</c>. Values that there are none of are
/// left out, as the original does. An event gives the same bytes each time.
/// </summary>
internal static class WebhookBodies
{
    private const string SignatureHeader = "X-Webhook-Signature";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly FrozenDictionary<EventKind, string> Names = new Dictionary<EventKind, string>
    {
        [EventKind.ContactCreated] = "contact.created",
        [EventKind.ContactUpdated] = "contact.updated",
        [EventKind.ContactDeleted] = "contact.deleted",
        [EventKind.ContactStageMoved] = "contact.stage_changed",
        [EventKind.StageCreated] = "funnel_stage.created",
        [EventKind.StageUpdated] = "funnel_stage.updated",
        [EventKind.Test] = "webhook.test",
    }.ToFrozenDictionary();

    // What the dialect calls otherwise than the book does.
    private static readonly FrozenDictionary<string, string> Attributes = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["phone"] = "phone_number",
        ["avatar"] = "avatar_url",
        ["custom_values"] = "custom_fields",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names of the events that can be subscribed to.</summary>
    public static IEnumerable<string> Subscribable => Enum.GetValues<EventKind>().Where(kind => kind != EventKind.Test).Select(kind => Names[kind]);

    /// <summary>The name of a kind of event.</summary>
    /// <param name="kind">The kind by the book's own name.</param>
    public static string NameOf(string kind) => Choices<EventKind>.TryParse(kind, out var known) ? Names[known] : kind;

    /// <summary>The kind of event that can be subscribed to by a name, or null.</summary>
    /// <param name="name">The name.</param>
    public static EventKind? KindOf(string name)
    {
        foreach (var (kind, known) in Names)
        {
            if (known == name && kind != EventKind.Test)
                return kind;
        }

        return null;
    }

    /// <summary>Puts an event into words.</summary>
    /// <param name="webhook">Where it goes.</param>
    /// <param name="deliveryId">The delivery's id.</param>
    /// <param name="happened">The event.</param>
    public static RenderedEvent Render(Webhook webhook, Guid deliveryId, ContactEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("event", Names[happened.Kind]);
            json.WriteStartObject("data");
            WriteData(json, webhook, happened);
            json.WriteEndObject();
            json.WriteString("timestamp", TextOf(happened.At));
            json.WriteString("businessId", webhook.WorkspaceId);
            json.WriteEndObject();
        }

        return new RenderedEvent(
            buffer.WrittenSpan.ToArray(),
            SignatureHeader,
            [new("X-Webhook-Delivery-Id", "whd_" + deliveryId.ToString("N")), new("X-Webhook-Id", webhook.Id.ToString())]);
    }

    private static void WriteData(Utf8JsonWriter json, Webhook webhook, ContactEvent happened)
    {
        switch (happened.Kind)
        {
            case EventKind.ContactCreated:
                WriteCreated(json, happened);
                break;
            case EventKind.ContactUpdated:
                WriteUpdated(json, happened);
                break;
            case EventKind.ContactDeleted:
                json.WriteString("contact_id", happened.SubjectId);
                json.WriteString("deleted_at", TextOf(happened.At));
                WriteIf(json, "updated_by", happened.By);
                break;
            case EventKind.ContactStageMoved:
                WriteMoved(json, happened);
                break;
            case EventKind.StageCreated or EventKind.StageUpdated:
                WriteStage(json, happened);
                break;
            case EventKind.Test:
                json.WriteString("webhook_id", webhook.Id);
                json.WriteString("message", "Este es un evento de prueba");
                break;
            default:
                throw new InvalidOperationException($"There are no words for {happened.Kind}.");
        }
    }

    private static void WriteCreated(Utf8JsonWriter json, ContactEvent happened)
    {
        json.WriteString("contact_id", happened.SubjectId);
        WriteIf(json, "phone_number", happened.Phone);
        WriteIf(json, "name", happened.Name);
        WriteIf(json, "email", happened.Email);
        if (happened.Tags is { Count: > 0 } tags)
            WriteTexts(json, "tags", tags);
        WriteIf(json, "source", happened.Source);
        json.WriteString("created_at", TextOf(happened.CreatedOn ?? happened.At));
        WriteIf(json, "updated_by", happened.By);
    }

    private static void WriteUpdated(Utf8JsonWriter json, ContactEvent happened)
    {
        json.WriteString("contact_id", happened.SubjectId);
        WriteTexts(json, "updated_fields", (happened.Changed ?? []).Select(name => Attributes.GetValueOrDefault(name, name)));
        WriteIf(json, "name", happened.Name);
        WriteIf(json, "previous_name", happened.PreviousName);
        WriteIf(json, "updated_by", happened.By);
        json.WriteString("updated_at", TextOf(happened.At));
    }

    private static void WriteMoved(Utf8JsonWriter json, ContactEvent happened)
    {
        json.WriteString("contact_id", happened.SubjectId);
        WriteIf(json, "phone_number", happened.Phone);
        WriteIf(json, "previous_stage_id", happened.PreviousStage?.Id.ToString());
        WriteIf(json, "previous_stage_name", happened.PreviousStage?.Name);
        WriteIf(json, "new_stage_id", happened.Stage?.Id.ToString());
        WriteIf(json, "new_stage_name", happened.Stage?.Name);
        json.WriteString("moved_at", TextOf(happened.At));
        WriteIf(json, "updated_by", happened.By);
    }

    private static void WriteStage(Utf8JsonWriter json, ContactEvent happened)
    {
        json.WriteString("stage_id", happened.SubjectId);
        WriteIf(json, "name", happened.Name);
        if (happened.Position is { } position)
            json.WriteNumber("position", position);
        WriteIf(json, "color", happened.Color);
        json.WriteString("created_at", TextOf(happened.CreatedOn ?? happened.At));
        json.WriteString("updated_at", TextOf(happened.At));
        WriteIf(json, "updated_by", happened.By);
    }

    private static void WriteIf(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>As the dialect's answers write times.</summary>
    private static string TextOf(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
