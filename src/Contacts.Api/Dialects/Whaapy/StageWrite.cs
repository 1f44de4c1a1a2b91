using System.Text.Json;
using Contacts.Core;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Dialects.Whaapy;

/// <summary>The body of <c>POST</c> and <c>PATCH funnel/v1/stages</c>, its types known to be right.</summary>
/// <example><code>{"name":"Negotiation","color":"#f59e0b","position":0}</code></example>
public sealed class StageWrite
{
    /// <summary>Whether a stage is made: only then must there be a name.</summary>
    public bool IsNew { get; private init; }

    /// <summary>The name.</summary>
    public Optional<string?> Name { get; private init; }

    /// <summary>The colour.</summary>
    public Optional<string?> Color { get; private init; }

    /// <summary>The place of a new stage, from 0, or null for the end.</summary>
    public int? Position { get; private init; }

    /// <summary>Reads a body.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="isNew">Whether a stage is made.</param>
    /// <param name="faults">Where all faults of type are told.</param>
    public static StageWrite Read(JsonElement body, bool isNew, List<ValidationFailure> faults)
    {
        var reading = new JsonReading(body, faults);
        return new StageWrite
        {
            IsNew = isNew,
            Name = reading.Text("name"),
            Color = reading.Text("color"),
            Position = isNew ? reading.Number("position") : null,
        };
    }
}

/// <summary>The shape of a stage's attributes.</summary>
public sealed class StageWriteValidator : AbstractValidator<StageWrite>
{
    /// <summary>The rules.</summary>
    public StageWriteValidator()
    {
        RuleFor(write => write.Name).Cascade(CascadeMode.Stop)
            .Must((write, name) => name.Value is not null || (!name.IsGiven && !write.IsNew)).WithMessage(Texts.NoName)
            .Must(name => name.Value is null || Shapes.Length(name.Value) <= Stage.MaxNameLength).WithMessage(Texts.TooLong(Stage.MaxNameLength))
            .OverridePropertyName("name");
        RuleFor(write => write.Color).Must(color => color.Value is null || Shapes.IsColor(color.Value))
            .WithMessage(Texts.Color).OverridePropertyName("color");
        RuleFor(write => write.Position).Must(position => position is null or >= 0)
            .WithMessage(Texts.AtLeast(0)).OverridePropertyName("position");
    }
}
