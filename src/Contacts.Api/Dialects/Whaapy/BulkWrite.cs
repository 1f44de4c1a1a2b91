using System.Text.Json;
using Contacts.Core;
using FluentValidation.Results;

namespace Contacts.Dialects.Whaapy;

/// <summary>What is done to many contacts.</summary>
public enum BulkOperation
{
    /// <summary>Each item of <c>contacts</c> is made.</summary>
    Create,

    /// <summary>Each item of <c>contacts</c> changes the contact of its <c>id</c>; or <c>data</c> changes all of <c>contact_ids</c>.</summary>
    Update,

    /// <summary>All of <c>contact_ids</c> are deleted.</summary>
    Delete,

    /// <summary>All of <c>contact_ids</c> get tags.</summary>
    Tag,

    /// <summary>All of <c>contact_ids</c> lose tags.</summary>
    Untag,

    /// <summary>All of <c>contact_ids</c> move to a stage, or out of the funnel.</summary>
    SetFunnelStage,
}

/// <summary>The body of <c>POST contacts/v1/bulk</c>, its types known to be right.</summary>
/// <example><code>{"operation":"tag","contact_ids":["550e8400-e29b-41d4-a716-446655440000"],"tags":["vip"]}</code></example>
internal sealed class BulkWrite
{
    /// <summary>How many contacts one call may name.</summary>
    public const int MaxItems = 500;

    // The published client says add_tags for what the page calls tag.
    private static readonly Dictionary<string, BulkOperation> Operations = new(StringComparer.Ordinal)
    {
        ["create"] = BulkOperation.Create,
        ["update"] = BulkOperation.Update,
        ["delete"] = BulkOperation.Delete,
        ["tag"] = BulkOperation.Tag,
        ["untag"] = BulkOperation.Untag,
        ["set_funnel_stage"] = BulkOperation.SetFunnelStage,
        ["add_tags"] = BulkOperation.Tag,
        ["remove_tags"] = BulkOperation.Untag,
    };

    private BulkWrite(string name, BulkOperation operation) => (Name, Operation) = (name, operation);

    /// <summary>The operation as it was written.</summary>
    public string Name { get; }

    /// <summary>The operation.</summary>
    public BulkOperation Operation { get; }

    /// <summary>The items of <c>contacts</c>; null when they are absent.</summary>
    public IReadOnlyList<JsonElement>? Contacts { get; private set; }

    /// <summary>The items of <c>contact_ids</c> as they were written, each once; null when they are absent.</summary>
    public IReadOnlyList<string>? ContactIds { get; private set; }

    /// <summary>The change for all of <see cref="ContactIds"/>; null when it is absent.</summary>
    public JsonElement? Data { get; private set; }

    /// <summary>The tags to add or take away.</summary>
    public IReadOnlyList<string> Tags { get; private set; } = [];

    /// <summary>The stage to move to, or null for none.</summary>
    public Guid? StageId { get; private set; }

    /// <summary>Reads a body. All that the operation needs is there when no fault is told.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="faults">Where faults are told.</param>
    /// <returns>What is to be done; null when the operation is unknown.</returns>
    public static BulkWrite? Read(JsonElement body, List<ValidationFailure> faults)
    {
        var reading = new JsonReading(body, faults);
        if (reading.Text("operation").Value is not { } name || !Operations.TryGetValue(name, out var operation))
        {
            reading.Fault("operation", Texts.NotChoice(Operations.Keys.Take(6)));
            return null;
        }

        var write = new BulkWrite(name, operation);
        var data = reading.Object("data");
        write.Data = data is null ? null : reading.Value("data");
        if (operation is BulkOperation.Create or BulkOperation.Update)
            write.ReadContacts(reading);
        if (operation != BulkOperation.Create && write.Contacts is null)
            write.ReadIds(reading);
        if (operation == BulkOperation.Update && write is { Contacts: null, Data: null })
            reading.Fault("data", Texts.Required);
        if (operation is BulkOperation.Tag or BulkOperation.Untag)
            write.ReadTags(reading, data);
        if (operation == BulkOperation.SetFunnelStage)
            write.ReadStage(reading, data);
        return write;
    }

    private void ReadContacts(JsonReading reading)
    {
        if (reading.Value("contacts") is not { } contacts)
        {
            if (Operation == BulkOperation.Create)
                reading.Fault("contacts", Texts.Required);
        }
        else if (contacts.ValueKind != JsonValueKind.Array)
        {
            reading.Fault("contacts", Texts.NotList);
        }
        else if (contacts.GetArrayLength() > MaxItems)
        {
            reading.Fault("contacts", Texts.TooMany(MaxItems));
        }
        else
        {
            Contacts = [.. contacts.EnumerateArray()];
        }
    }

    private void ReadIds(JsonReading reading)
    {
        ContactIds = reading.Words("contact_ids");
        if (ContactIds is { Count: > MaxItems })
            reading.Fault("contact_ids", Texts.TooMany(MaxItems));
        else if (!reading.Has("contact_ids"))
            reading.Fault("contact_ids", Texts.Required);
    }

    private void ReadTags(JsonReading reading, JsonReading? data)
    {
        Tags = reading.Words("tags") ?? data?.Words("tags") ?? [];
        if (Tags.Count == 0)
            reading.Fault("tags", Texts.Required);
        else if (Tags.Count > Contact.MaxTags)
            reading.Fault("tags", Texts.TooMany(Contact.MaxTags));
        else if (Tags.Any(tag => Shapes.Length(tag) > ContactWriteValidator.MaxWord))
            reading.Fault("tags", Texts.TooLong(ContactWriteValidator.MaxWord));
    }

    private void ReadStage(JsonReading reading, JsonReading? data)
    {
        const string name = "funnel_stage_id";
        var stage = reading.Has(name) ? reading.Uuid(name) : data?.Uuid(name) ?? default;
        if (!reading.Has(name) && data?.Has(name) != true)
            reading.Fault(name, Texts.Required);
        StageId = stage.Value;
    }
}
