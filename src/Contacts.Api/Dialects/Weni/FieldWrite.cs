using System.Text.Json;
using Contacts.Core;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>The body of <c>POST fields.json</c>, its types known to be right.</summary>
/// <example><code>{"label":"Nick name","value_type":"text"}</code></example>
public sealed class FieldWrite
{
    /// <summary>The label; null when it is absent or has a fault of type.</summary>
    public string? Label { get; private set; }

    /// <summary>How values are answered; null when it is absent or unknown.</summary>
    public FieldType? ValueType { get; private set; }

    /// <summary>Reads a body. Upstream's newer names <c>name</c> and <c>type</c> are taken as well: the published Python client sends them.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="faults">Where all faults of type are told.</param>
    public static FieldWrite Read(JsonElement body, List<ValidationFailure> faults)
    {
        var attributes = JsonReading.Attributes(body);
        var reading = new JsonReading(faults);
        var write = new FieldWrite();
        if (attributes.TryGetValue("label", out var label) || attributes.TryGetValue("name", out label))
            write.Label = reading.Text(label, "label");
        else
            reading.Fault("label", Texts.Required);
        if (attributes.TryGetValue("value_type", out var type))
            write.ValueType = ReadType(reading, type, isUpstream: false);
        else if (attributes.TryGetValue("type", out type))
            write.ValueType = ReadType(reading, type, isUpstream: true);
        else
            reading.Fault("value_type", Texts.Required);
        return write;
    }

    private static FieldType? ReadType(JsonReading reading, JsonElement value, bool isUpstream)
    {
        if (value.ValueKind == JsonValueKind.Null)
            reading.Fault("value_type", Texts.Null);
        else if (reading.Choice(value, "value_type", isUpstream ? Profiles.UpstreamTypes : FieldRead.Types) is { } name)
            return name == Profiles.UpstreamNumber ? FieldType.Numeric : FieldRead.TypeOf(name);
        return null;
    }
}

/// <summary>The shape of a field's attributes.</summary>
public sealed class FieldWriteValidator : AbstractValidator<FieldWrite>
{
    /// <summary>The rules.</summary>
    public FieldWriteValidator()
    {
        RuleFor(write => write.Label!).Cascade(CascadeMode.Stop)
            .Filled(Field.MaxLabelLength)
            .Must(label => !label.AsSpan().ContainsAnyExcept(LabelCharacters)).WithMessage(Texts.LabelCharacters)
            .OverridePropertyName("label")
            .When(write => write.Label is not null);
    }

    private static readonly System.Buffers.SearchValues<char> LabelCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 -_");
}
