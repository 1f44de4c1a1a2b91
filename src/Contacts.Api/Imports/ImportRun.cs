using System.Runtime.ExceptionServices;
using Contacts.Core;
using Contacts.Data;
using Contacts.Urns;
using Contacts.Workspaces;

namespace Contacts.Imports;

/// <summary>What a run needs of the program.</summary>
/// <param name="Writer">Writes contacts.</param>
/// <param name="Catalogs">The workspaces' fields and groups.</param>
/// <param name="Fields">Makes fields.</param>
/// <param name="Groups">Makes groups.</param>
/// <param name="Progress">Where imports stand.</param>
/// <param name="Settings">What the server's owner set.</param>
internal sealed record ImportParts(
    ContactWriter Writer, CatalogCache Catalogs, FieldService Fields, GroupService Groups, ImportProgress Progress, ImportSettings Settings);

/// <summary>Tries or carries out one import, a batch at a time.</summary>
/// <param name="parts">What it needs.</param>
/// <param name="workspace">The workspace.</param>
/// <param name="import">The import, taken by this run.</param>
/// <param name="holder">This run.</param>
internal sealed class ImportRun(ImportParts parts, Workspace workspace, Import import, Guid holder)
{
    /// <summary>How many rows are written at once. What is at work when the server dies is written again, from the same row.</summary>
    public const int BatchSize = 250;

    private readonly Dictionary<string, Guid> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Field> _newFields = [];
    private readonly HashSet<string> _planned = new(StringComparer.Ordinal);
    private readonly List<string> _newGroups = [.. import.NewGroups];

    private bool IsTrial => import.Status == ImportStatus.Checking;

    /// <summary>Goes on to the end, or until it is stopped.</summary>
    /// <param name="stopping">Stops between batches; another run may go on from there.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        // Also before the file is read: what fails there again and again can be stopped.
        if (import.IsStopping)
        {
            await EndStoppedAsync();
            return;
        }

        var content = await parts.Progress.ReadAsync(import, stopping);
        var rowCount = CsvRows.ReadContacts(content, import.Options).Take(parts.Settings.MaxRows + 1).Count();
        var failure = rowCount > parts.Settings.MaxRows ? "rows_many" : await MakeFieldsAsync(stopping);
        if (failure is not null)
        {
            await parts.Progress.EndAsync(import, holder, IsTrial ? ImportStatus.Draft : ImportStatus.Failed, failure);
            return;
        }

        // What a try found out is in memory alone, so it begins anew.
        var done = IsTrial ? 0 : import.ReadCount;
        if (IsTrial)
            await parts.Progress.RewindAsync(import, holder, rowCount, stopping);
        foreach (var rows in CsvRows.ReadContacts(content, import.Options).Skip(done).Chunk(BatchSize))
        {
            if (stopping.IsCancellationRequested)
            {
                await parts.Progress.EndAsync(import, holder, import.Status, null);
                return;
            }

            if (await parts.Progress.BeginAsync(import, holder, CancellationToken.None) is not { } state)
                return;
            if (state.IsStopping)
            {
                await EndStoppedAsync();
                return;
            }

            if (!await parts.Progress.StoreAsync(import, holder, await ApplyAsync(state, rows), _newGroups))
                return;
        }

        await parts.Progress.EndAsync(import, holder, IsTrial ? ImportStatus.Checked : ImportStatus.Done, null);
    }

    private Task EndStoppedAsync() => parts.Progress.EndAsync(import, holder, IsTrial ? ImportStatus.Draft : ImportStatus.Cancelled, null);

    /// <summary>Makes the fields that columns ask for; a try only pretends to.</summary>
    private async Task<string?> MakeFieldsAsync(CancellationToken cancellation)
    {
        var targets = import.Options.Targets();
        var catalog = await parts.Catalogs.RefreshAsync(workspace.Id, cancellation);
        for (var column = 0; column < targets.Count; column++)
        {
            if (targets[column].Kind != ColumnKind.NewField)
                continue;
            var label = import.Options.Headers[column].Trim();
            if (catalog.Fields.FirstOrDefault(field => field.LabelKey == NameKey.Of(label)) is { } known)
            {
                _newFields[column] = known;
                continue;
            }

            var outcome = IsTrial ? Pretend(label, targets[column].FieldType)
                : await parts.Fields.CreateAsync(workspace, label, targets[column].FieldType, cancellation);
            if (outcome.Refusal is { } refusal)
                return Reason.Of(refusal).Code;
            _newFields[column] = outcome.Value!;
        }

        return null;
    }

    private Field Pretend(string label, FieldType type) => new()
    {
        WorkspaceId = workspace.Id,
        Id = Guid.CreateVersion7(),
        Key = FieldService.KeyOf(label),
        Label = label,
        LabelKey = NameKey.Of(label),
        ValueType = type,
        CreatedOn = import.CreatedOn,
    };

    private async Task<ImportTally> ApplyAsync(Import state, ImportedRow[] rows)
    {
        var at = state.BatchOn!.Value;
        var reading = await MakeGroupsAsync(rows, at);
        var tally = new ImportTally(state, workspace.IsAnonymous);
        var changes = new List<ContactChange>(rows.Length);
        var reasons = new Reason?[rows.Length];
        for (var index = 0; index < rows.Length; index++)
        {
            if (reading.TryRead(rows[index], out var change, out reasons[index]))
                changes.Add(change);
        }

        var outcomes = changes.Count == 0 ? []
            : IsTrial ? await parts.Writer.TryAsync(workspace, changes, CancellationToken.None)
            : await parts.Writer.ApplyAsync(workspace, changes, CancellationToken.None);

        // No refusal of a row: the batch is written again when the database is back.
        if (outcomes.Select(outcome => outcome.Refusal).OfType<Refusal.Failed>().FirstOrDefault(failed => failed.Error.IsLostConnection()) is { } lost)
            ExceptionDispatchInfo.Throw(lost.Error);
        for (var (index, next) = (0, 0); index < rows.Length; index++)
        {
            if (reasons[index] is { } reason)
                tally.Refuse(rows[index], reason);
            else
                Tell(tally, rows[index], changes[next], outcomes[next++], at);
        }

        return tally;
    }

    private void Tell(ImportTally tally, ImportedRow row, ContactChange change, ContactOutcome outcome, DateTime at)
    {
        if (outcome.Contact is not { } contact)
        {
            tally.Add(row, outcome);
            return;
        }

        if (!IsTrial)
        {
            // What a batch made before the server died is found there when it is written again.
            var wasMade = change.MakesId && outcome.Effect == ContactEffect.Updated && contact.CreatedOn >= at;
            tally.Add(row, outcome, wasMade ? true : null);
            return;
        }

        // The engine knows what the rows of a batch come to together; of earlier batches it knows nothing, since nothing was written.
        var isRepeated = NamesOf(change).Any(_seen.ContainsKey);
        foreach (var name in NamesOf(change))
            _seen.TryAdd(name, contact.Id);
        tally.Repeated += isRepeated ? 1 : 0;
        tally.Add(row, outcome, isRepeated && outcome.Effect == ContactEffect.Created ? false : null);
    }

    private static IEnumerable<string> NamesOf(ContactChange change)
    {
        var urns = change.Urns ?? change.AddUrns;
        return change.Id is { } id && !change.MakesId ? urns.Select((Urn urn) => urn.Identity).Append(id.ToString()) : urns.Select((Urn urn) => urn.Identity);
    }

    /// <summary>Makes the groups that rows name and that are not there, as far as there may be more; a try only notes them.</summary>
    private async Task<RowReading> MakeGroupsAsync(ImportedRow[] rows, DateTime at)
    {
        var catalog = await parts.Catalogs.GetAsync(workspace.Id, CancellationToken.None);
        var reading = new RowReading(workspace, import, at) { Catalog = catalog, NewFields = _newFields, PlannedGroups = _planned };
        if (!import.Options.MakesGroups)
            return reading;
        var missing = rows.Where(row => !row.IsBroken).SelectMany(reading.GroupsOf)
            .Where(name => catalog.GroupByName(name) is null && !_planned.Contains(NameKey.Of(name)) && ContactShape.OfGroup(name) is null)
            .DistinctBy(NameKey.Of).ToList();
        foreach (var name in missing)
        {
            if (IsTrial ? catalog.Groups.Count + _planned.Count >= workspace.GroupLimit : await RefusesAsync(name))
                continue;
            _newGroups.Add(name);
            if (IsTrial)
                _planned.Add(NameKey.Of(name));
        }

        if (IsTrial || missing.Count == 0)
            return reading;
        return new RowReading(workspace, import, at)
        {
            Catalog = await parts.Catalogs.RefreshAsync(workspace.Id, CancellationToken.None),
            NewFields = _newFields,
        };
    }

    private async Task<bool> RefusesAsync(string name) => (await parts.Groups.CreateAsync(workspace, name, CancellationToken.None)).Refusal is not null;
}
