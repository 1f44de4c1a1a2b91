using System.Text.Json;
using Contacts.Core;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>The body of <c>POST groups.json</c>, its types known to be right.</summary>
/// <example><code>{"name":"Reporters"}</code></example>
public sealed class GroupWrite
{
    /// <summary>The name; null when it is absent or has a fault of type.</summary>
    public string? Name { get; private set; }

    /// <summary>Reads a body.</summary>
    /// <param name="body">The JSON object.</param>
    /// <param name="faults">Where all faults of type are told.</param>
    public static GroupWrite Read(JsonElement body, List<ValidationFailure> faults)
    {
        var reading = new JsonReading(faults);
        var write = new GroupWrite();
        if (JsonReading.Attributes(body).TryGetValue("name", out var name))
            write.Name = reading.Text(name, "name");
        else
            reading.Fault("name", Texts.Required);
        return write;
    }
}

/// <summary>The shape of a group's attributes.</summary>
public sealed class GroupWriteValidator : AbstractValidator<GroupWrite>
{
    /// <summary>The rules.</summary>
    public GroupWriteValidator() =>
        RuleFor(write => write.Name!).Cascade(CascadeMode.Stop)
            .Filled(Group.MaxNameLength)
            .Must(Shapes.BeginsLikeAWord).WithMessage(Texts.NameCharacters)
            .OverridePropertyName("name")
            .When(write => write.Name is not null);
}
