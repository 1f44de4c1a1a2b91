using System.Globalization;
using Contacts.Core;
using Contacts.TestBench;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Testing;

/// <summary>What the book is to be: snapshots of it, empty again, or filled from a document.</summary>
public sealed partial class BookState
{
    /// <summary>What became of the last form.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    /// <summary>How many contacts were made.</summary>
    [SupplyParameterFromQuery]
    public string? Count { get; set; }

    /// <summary>The name of a snapshot to take.</summary>
    [SupplyParameterFromForm(FormName = "take")]
    public string? Name { get; set; }

    /// <summary>The name of a snapshot to put back.</summary>
    [SupplyParameterFromForm(FormName = "snapshot")]
    public string? Restore { get; set; }

    /// <summary>The name of a snapshot to delete.</summary>
    [SupplyParameterFromForm(FormName = "snapshot")]
    public string? Delete { get; set; }

    /// <summary>The name of a snapshot to put back after a reset; empty for none.</summary>
    [SupplyParameterFromForm(FormName = "reset", Name = "snapshot")]
    public string? Wanted { get; set; }

    [Inject]
    internal SnapshotService Service { get; set; } = null!;

    [Inject]
    internal ResetService Resets { get; set; } = null!;

    private IReadOnlyList<BookSnapshot> Snapshots { get; set; } = [];

    private HashSet<KeptPart> Kept { get; } = [];

    private string? NameFault { get; set; }

    private string? Problem { get; set; }

    private int SeededCount => int.TryParse(Count, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (HttpMethods.IsPost(Http.Request.Method))
        {
            foreach (var name in Http.Request.Form["keep"])
            {
                if (Choices<KeptPart>.TryParse(name, out var part))
                    Kept.Add(part);
            }
        }

        Snapshots = await Service.ListAsync(Workspace.Id, Gone);
    }

    private async Task TakeAsync()
    {
        Name = (Name ?? string.Empty).Trim();
        if (!BookSnapshot.IsName(Name))
        {
            Answer(StatusCodes.Status400BadRequest);
            NameFault = Words.With("testing.snapshot_name_about", BookSnapshot.MaxNameLength);
            return;
        }

        NameFault = (await Service.TakeAsync(Workspace.Id, Name, Caller.Token.Name, Gone)).Refusal switch
        {
            null => null,
            Refusal.NotUnique => Words["testing.snapshot_taken"],
            Refusal.LimitReached(_, BookSnapshot.MaxCount) => Words.With("testing.snapshots_full", BookSnapshot.MaxCount),
            _ => Words.With("testing.snapshot_large", Words.Number(BookSnapshot.MaxContacts)),
        };
        if (NameFault is null)
            Go("testing/book?done=taken");
        else
            Answer(StatusCodes.Status409Conflict);
    }

    private async Task ChangeAsync()
    {
        if (!string.IsNullOrEmpty(Restore))
            await ResetAsync(Restore, ResetService.Everything, "restored");
        else if (!string.IsNullOrEmpty(Delete) && await Service.DeleteAsync(Workspace.Id, Delete, Gone))
            Go("testing/book?done=deleted");
        else
            Refuse(StatusCodes.Status404NotFound, "testing.snapshot_gone");
    }

    private Task ResetAsync() => ResetAsync(string.IsNullOrEmpty(Wanted) ? null : Wanted, Kept, "reset");

    private async Task ResetAsync(string? name, IReadOnlySet<KeptPart> kept, string done)
    {
        try
        {
            switch (await Resets.ResetAsync(Workspace.Id, name, kept, Gone))
            {
                case null:
                    Go($"testing/book?done={done}");
                    break;
                case Refusal.ImportRunning:
                    Refuse(StatusCodes.Status409Conflict, "testing.import_running");
                    break;
                case Refusal.SnapshotOutdated:
                    Refuse(StatusCodes.Status409Conflict, "testing.snapshot_outdated");
                    break;
                default:
                    Refuse(StatusCodes.Status404NotFound, "testing.snapshot_gone");
                    break;
            }
        }
        catch (BookBusyException)
        {
            Refuse(StatusCodes.Status503ServiceUnavailable, "testing.busy");
        }
    }

    private void Refuse(int status, string text)
    {
        Answer(status);
        Problem = Words[text];
    }
}
