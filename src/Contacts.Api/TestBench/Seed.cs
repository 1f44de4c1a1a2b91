using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.TestBench;

/// <summary>What an empty book is to have in it, in no dialect's words: read from one JSON document.</summary>
public sealed record Seed
{
    /// <summary>How many contacts there may be.</summary>
    public const int MaxContacts = 100_000;

    /// <summary>Settings to change first; those that are not named stay.</summary>
    public WorkspaceChanges Settings { get; init; } = new();

    /// <summary>Fields.</summary>
    public IReadOnlyList<SeedField> Fields { get; init; } = [];

    /// <summary>Stages of the funnel, in its order.</summary>
    public IReadOnlyList<SeedStage> Stages { get; init; } = [];

    /// <summary>Names of groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Contacts, the oldest first.</summary>
    public IReadOnlyList<SeedContact> Contacts { get; init; } = [];

    /// <summary>Flows, campaigns and triggers, all in use.</summary>
    public IReadOnlyList<SeedAutomation> Automations { get; init; } = [];
}

/// <summary>A field.</summary>
/// <param name="Label">Its label, which makes its key.</param>
/// <param name="Type">How values are answered.</param>
public sealed record SeedField(string Label, FieldType Type);

/// <summary>A stage.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Color">Its colour, as <c>#rrggbb</c>.</param>
public sealed record SeedStage(string Name, string Color);

/// <summary>A contact.</summary>
public sealed record SeedContact
{
    /// <summary>The full name, or null.</summary>
    public string? Name { get; init; }

    /// <summary>ISO 639-3, or null.</summary>
    public string? Language { get; init; }

    /// <summary>Addresses, most wanted first.</summary>
    public IReadOnlyList<string> Urns { get; init; } = [];

    /// <summary>Names of groups of the seed.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Values by the keys of the seed's fields.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The name of a stage of the seed, or null.</summary>
    public string? Stage { get; init; }

    /// <summary>Active, blocked, stopped or archived.</summary>
    public ContactStatus Status { get; init; }
}

/// <summary>A flow, campaign or trigger.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Type">What sort; empty for campaigns.</param>
/// <param name="Name">Its name.</param>
/// <param name="Groups">Names of groups of the seed.</param>
/// <param name="Place">Where it stands in the document: <c>flows[0]</c>.</param>
public sealed record SeedAutomation(AutomationKind Kind, string Type, string Name, IReadOnlyList<string> Groups, string Place);
