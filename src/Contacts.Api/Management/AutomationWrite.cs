using System.Text.Json;
using System.Text.Json.Serialization;
using Contacts.Core;
using Contacts.Urns;
using FluentValidation;
using FluentValidation.Results;

namespace Contacts.Management;

/// <summary>What to make of a flow, campaign or trigger.</summary>
/// <example><code>{"name":"Welcome","type":"message","groups":["Reporters"]}</code></example>
public sealed record AutomationWrite
{
    /// <summary>What is to be made: the URL says it.</summary>
    [JsonIgnore]
    public required AutomationKind Kind { get; init; }

    /// <summary>The name, at most 64 characters, unique in any case among those of its kind in use.</summary>
    public required string? Name { get; init; }

    /// <summary>
    /// Flows: <c>message</c>, <c>voice</c>, <c>background</c>, <c>survey</c>. Triggers: <c>keyword</c>, <c>catch_all</c>, <c>schedule</c>,
    /// <c>inbound_call</c>, <c>missed_call</c>, <c>new_conversation</c>, <c>referral</c>, <c>closed_ticket</c>, <c>opt_in</c>, <c>opt_out</c>.
    /// Not for campaigns.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>The groups that it uses, at most 100, each a uuid or a name; exactly one for a campaign.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Reads a body.</summary>
    /// <param name="kind">What is to be made.</param>
    /// <param name="body">The JSON value.</param>
    /// <param name="faults">Where all faults of type are told.</param>
    public static AutomationWrite Read(AutomationKind kind, JsonElement body, List<ValidationFailure> faults)
    {
        var reading = new Body(body);
        var write = new AutomationWrite
        {
            Kind = kind,
            Name = reading.RequiredText("name"),
            Type = kind == AutomationKind.Campaign ? null : reading.RequiredText("type"),
            Groups = reading.Texts("groups").Value ?? [],
        };
        faults.AddRange(reading.Faults());
        return write;
    }
}

/// <summary>The shape of what is to be made. What is missing or of a wrong type was told of before.</summary>
public sealed class AutomationWriteValidator : AbstractValidator<AutomationWrite>
{
    private const int MaxGroups = 100;

    private static readonly string[] FlowTypes = ["message", "voice", "background", "survey"];

    private static readonly string[] TriggerTypes =
        ["keyword", "catch_all", "schedule", "inbound_call", "missed_call", "new_conversation", "referral", "closed_ticket", "opt_in", "opt_out"];

    /// <summary>The sorts of a kind; campaigns have none.</summary>
    /// <param name="kind">Triggers, flows or campaigns.</param>
    public static IReadOnlyList<string> TypesOf(AutomationKind kind) => kind switch
    {
        AutomationKind.Flow => FlowTypes,
        AutomationKind.Trigger => TriggerTypes,
        _ => [],
    };

    /// <summary>The rules.</summary>
    public AutomationWriteValidator()
    {
        RuleFor(write => write.Name).Must(name => name is null || IsName(name))
            .WithMessage($"Must have 1 to {Automation.MaxNameLength} characters, none of them a control character.").OverridePropertyName("name");
        RuleFor(write => write.Type).Must((write, type) => type is null || TypesOf(write.Kind).Contains(type))
            .WithMessage(write => $"Must be one of: {string.Join(", ", TypesOf(write.Kind))}.").OverridePropertyName("type");
        RuleFor(write => write.Groups).Must(groups => groups.Count <= MaxGroups)
            .WithMessage($"May have at most {MaxGroups} items.").OverridePropertyName("groups");
        RuleFor(write => write.Groups).Must(groups => groups.Count == 1).When(write => write.Kind == AutomationKind.Campaign)
            .WithMessage("A campaign has exactly one group.").OverridePropertyName("groups");
    }

    private static bool IsName(string text) => text.Length is > 0 and <= Automation.MaxNameLength && StorableText.Is(text) && !text.Any(char.IsControl);
}
