using Contacts.Core;
using Contacts.Imports;
using Contacts.Urns;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Book;

/// <summary>The form that says what each column of a file is.</summary>
public sealed partial class ImportMapping
{
    /// <summary>The import.</summary>
    [Parameter, EditorRequired]
    public Import Import { get; set; } = null!;

    /// <summary>How the file is read.</summary>
    [Parameter, EditorRequired]
    public ImportOptions Options { get; set; } = null!;

    /// <summary>The workspace's fields.</summary>
    [Parameter, EditorRequired]
    public Catalog Catalog { get; set; } = null!;

    /// <summary>The file's first rows.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string[]> Preview { get; set; } = [];

    /// <summary>What is wrong, by column.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyDictionary<int, Reason> Faults { get; set; } = null!;

    /// <summary>Whether the reader may go on.</summary>
    [Parameter, EditorRequired]
    public bool MayEdit { get; set; }

    /// <summary>What the form does.</summary>
    [Parameter, EditorRequired]
    public EventCallback OnCheck { get; set; }

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [Inject]
    private Words Words { get; set; } = null!;

    private string? Country => Http.Features.Get<Caller>()?.Workspace.Country;

    /// <summary>What a column may be, with the words for it; a new field only where the column has a name for it.</summary>
    private IEnumerable<(string Value, string Label)> TargetsOf(int column)
    {
        yield return ("ignore", Words["target.ignore"]);
        yield return ("uuid", Words["target.uuid"]);
        yield return ("name", Words["target.name"]);
        yield return ("language", Words["target.language"]);
        yield return ("groups", Words["target.groups"]);
        yield return ("urn", Words["target.urn"]);
        foreach (var scheme in UrnSchemes.Names)
            yield return ($"urn:{scheme}", Words.With("target.scheme", scheme));
        foreach (var field in Catalog.Fields)
            yield return ($"field:{field.Key}", Words.With("target.field", field.Label));
        if (Options.Headers[column].Length == 0)
            yield break;
        foreach (var type in new[] { FieldType.Text, FieldType.Numeric, FieldType.Datetime }.Select(Choices<FieldType>.NameOf))
            yield return ($"new:{type}", Words.With("target.new", Words[$"type.{type}"]));
    }
}
