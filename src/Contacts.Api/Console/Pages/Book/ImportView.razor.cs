using Contacts.Core;
using Contacts.Imports;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Book;

/// <summary>One import, from the choice of its columns to its report.</summary>
public sealed partial class ImportView
{
    private const int PreviewRows = 5;
    private const int ShownRows = 100;

    private static readonly IReadOnlyList<(char Letter, string Name)> Delimiters = [(',', "comma"), (';', "semicolon"), ('\t', "tab")];

    /// <summary>The import's id.</summary>
    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    internal ImportService Imports { get; set; } = null!;

    [Inject]
    internal CatalogCache Catalogs { get; set; } = null!;

    private Import? Import { get; set; }

    /// <summary>How the file is read: as it is kept, or as it was chosen in the form that was refused.</summary>
    private ImportOptions Options { get; set; } = new();

    private Catalog Catalog { get; set; } = new([], []);

    private IReadOnlyList<string[]> Preview { get; set; } = [];

    private IReadOnlyList<ImportRow> Rows { get; set; } = [];

    private IReadOnlyDictionary<int, Reason> Faults { get; set; } = new Dictionary<int, Reason>();

    private Reason? Fault { get; set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Import = await Imports.FindAsync(Workspace, Id, Gone);
        if (Import is not { } import)
        {
            Answer(StatusCodes.Status404NotFound);
            return;
        }

        Catalog = await Catalogs.GetAsync(Workspace.Id, Gone);
        Options = import.Options;
        if (import.Status is ImportStatus.Draft or ImportStatus.Checked)
            Preview = await Imports.PreviewAsync(import, Options, PreviewRows, Gone);
        if (!import.IsActive && import.Status != ImportStatus.Draft)
            Rows = await Imports.RowsAsync(import, 0, ShownRows, onlyRefused: false, Gone);
    }

    private async Task ReadAsync()
    {
        var form = Http.Request.Form;
        var encoding = form["encoding"].LastOrDefault() ?? string.Empty;
        var delimiter = Delimiters.FirstOrDefault(choice => choice.Name == form["delimiter"].LastOrDefault());
        if (Import is { } import && CsvText.Encodings.Contains(encoding) && delimiter.Name is not null)
        {
            var options = new ImportOptions { Encoding = encoding, Delimiter = delimiter.Letter, HasHeader = form.ContainsKey("header") };
            await Imports.RereadAsync(Workspace, import, options, Gone);
        }

        Go($"imports/{Id}");
    }

    private async Task CheckAsync()
    {
        if (Import is null)
            return;
        var form = Http.Request.Form;
        Options = Options with
        {
            Columns = [.. Options.Columns.Select((_, column) => ColumnTarget.Parse(form[$"column-{column}"].LastOrDefault() ?? string.Empty).ToString())],
            MakesGroups = form.ContainsKey("makes_groups"),
            AllowsNoAddress = form.ContainsKey("no_address"),
        };
        Faults = ImportFaults.Of(Options, Workspace, Catalog);
        if (Faults.Count > 0)
        {
            Answer(StatusCodes.Status400BadRequest);
            Fault = Faults.GetValueOrDefault(ImportFaults.Whole) ?? new Reason("columns");
        }
        else
        {
            GoOn(await Imports.CheckAsync(Workspace, Id, Options, Gone));
        }
    }

    private async Task RunAsync() => GoOn(await Imports.RunAsync(Workspace, Id, Gone));

    private async Task StopAsync()
    {
        await Imports.StopAsync(Workspace, Id, Gone);
        Go($"imports/{Id}");
    }

    private async Task RemoveAsync()
    {
        await Imports.RemoveAsync(Workspace, Id, Gone);
        Go("imports?done=removed");
    }

    private void GoOn(Reason? reason)
    {
        if (reason is null)
        {
            Go($"imports/{Id}");
            return;
        }

        Answer(StatusCodes.Status409Conflict);
        Fault = reason;
    }

    /// <summary>Whether a column's cells are addresses that nobody may see.</summary>
    private bool Hides(int column) => Workspace.IsAnonymous && Options.Columns.ElementAtOrDefault(column)?.StartsWith("urn", StringComparison.Ordinal) != false;
}
