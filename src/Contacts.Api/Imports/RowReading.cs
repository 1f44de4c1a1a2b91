using System.Diagnostics.CodeAnalysis;
using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Imports;

/// <summary>
/// Turns rows into the changes that they ask for, in no dialect's words. A cell that is empty changes nothing: a row adds and overwrites, and never
/// takes away. So a file may be imported again and again.
/// </summary>
/// <param name="workspace">The workspace.</param>
/// <param name="import">The import.</param>
/// <param name="now">The time of the batch, for dates without a time and for contacts without an address.</param>
internal sealed class RowReading(Workspace workspace, Import import, DateTime now)
{
    private readonly IReadOnlyList<ColumnTarget> _targets = import.Options.Targets();

    /// <summary>The workspace's fields and groups.</summary>
    public required Catalog Catalog { get; init; }

    /// <summary>The fields that columns make, by their column.</summary>
    public required IReadOnlyDictionary<int, Field> NewFields { get; init; }

    /// <summary>Groups that are not there, and would be made: their names folded.</summary>
    public IReadOnlySet<string> PlannedGroups { get; init; } = new HashSet<string>();

    /// <summary>The names of groups in a row.</summary>
    /// <param name="row">The row.</param>
    public IEnumerable<string> GroupsOf(ImportedRow row) =>
        Cells(row).Where(cell => cell.Target.Kind == ColumnKind.Groups).SelectMany(cell => CellList.Split(cell.Text));

    /// <summary>Reads a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="change">The change that it asks for.</param>
    /// <param name="reason">Why it asks for none.</param>
    /// <returns>Whether it asks for one.</returns>
    public bool TryRead(ImportedRow row, [NotNullWhen(true)] out ContactChange? change, [NotNullWhen(false)] out Reason? reason)
    {
        change = null;
        if (row.IsBroken)
            return Refuse("quotes", string.Empty, out reason);
        if (row.Cells.Skip(_targets.Count).Any(cell => !string.IsNullOrWhiteSpace(cell)))
            return Refuse("cells_many", $"{row.Cells.Length}", out reason);
        var asked = new ContactChange { By = import.MadeBy, ComparesMoments = true };
        foreach (var (target, text, column) in Cells(row))
        {
            reason = target.Kind switch
            {
                ColumnKind.Uuid => TakeId(ref asked, text),
                ColumnKind.Name => TakeName(ref asked, text),
                ColumnKind.Language => TakeLanguage(ref asked, text),
                ColumnKind.Urn => TakeUrns(ref asked, target.Detail, text),
                ColumnKind.Groups => TakeGroups(ref asked, text),
                ColumnKind.Field or ColumnKind.NewField => TakeValue(ref asked, target, column, text),
                _ => null,
            };
            if (reason is not null)
                return false;
        }

        reason = Name(ref asked, row.Line);
        change = reason is null ? asked : null;
        return reason is null;
    }

    /// <summary>The cells that have something in them, with what they are.</summary>
    private IEnumerable<(ColumnTarget Target, string Text, int Column)> Cells(ImportedRow row)
    {
        for (var column = 0; column < Math.Min(_targets.Count, row.Cells.Length); column++)
        {
            if (_targets[column].Kind != ColumnKind.Ignored && !string.IsNullOrWhiteSpace(row.Cells[column]))
                yield return (_targets[column], CsvCell.WithoutGuard(row.Cells[column]), column);
        }
    }

    private static bool Refuse(string code, string subject, out Reason reason)
    {
        reason = new Reason(code, subject);
        return false;
    }

    private static Reason? TakeId(ref ContactChange asked, string text)
    {
        if (!Guid.TryParse(text.Trim(), out var id))
            return new Reason("uuid_invalid", text);
        asked = asked with { Id = id };
        return null;
    }

    private static Reason? TakeName(ref ContactChange asked, string text)
    {
        var name = text.Trim();
        asked = asked with { Name = name };
        return ContactShape.OfName(name);
    }

    private static Reason? TakeLanguage(ref ContactChange asked, string text)
    {
        var language = text.Trim();
        asked = asked with { Language = language };
        return ContactShape.OfLanguage(language);
    }

    private Reason? TakeUrns(ref ContactChange asked, string scheme, string text)
    {
        var urns = asked.AddUrns.ToList();
        foreach (var item in CellList.Split(text))
        {
            if (!AddressCell.TryRead(item, scheme, workspace.Country, out var urn, out var reason))
                return reason;
            urns.Add(urn);
        }

        asked = asked with { AddUrns = urns };
        return null;
    }

    private Reason? TakeGroups(ref ContactChange asked, string text)
    {
        var groups = asked.AddGroups.ToList();
        foreach (var name in CellList.Split(text))
        {
            if (Catalog.GroupByName(name) is { } group)
            {
                if (group.IsDynamic)
                    return new Reason("group_dynamic", name);
                groups.Add(new NamedGroup(group, name));
            }
            else if (ContactShape.OfGroup(name) is { } fault)
            {
                return fault;
            }
            else if (!PlannedGroups.Contains(NameKey.Of(name)))
            {
                return new Reason(import.Options.MakesGroups ? "group_limit" : "group_unknown", name);
            }
        }

        asked = asked with { AddGroups = groups };
        return null;
    }

    private Reason? TakeValue(ref ContactChange asked, ColumnTarget target, int column, string text)
    {
        if ((target.Kind == ColumnKind.NewField ? NewFields.GetValueOrDefault(column) : Catalog.FieldByKey(target.Detail)) is not { } field)
            return new Reason("field_unknown", target.Detail);
        if (ContactShape.OfValue(text) is { } fault)
            return fault;
        if (FieldValue.Read(text, workspace.Zone, workspace.DateStyle, new DateTimeOffset(now)) is not { } value)
            return null;
        if (value.Text.Length < text.Length)
            return new Reason("value_long", $"{FieldValue.MaxTextLength}");
        var values = new Dictionary<Guid, FieldValue?>(asked.Fields ?? new Dictionary<Guid, FieldValue?>()) { [field.Id] = value };
        asked = asked with { Fields = values };
        return null;
    }

    /// <summary>Says which contact is meant. Where addresses are hidden, nobody finds out whose they are: they only make contacts.</summary>
    private Reason? Name(ref ContactChange asked, int line)
    {
        if (asked.AddUrns.Count > 0 && workspace.IsAnonymous)
        {
            if (asked.Id is not null)
                return new Reason("anonymous");
            asked = asked with { Urns = asked.AddUrns, AddUrns = [] };
            return null;
        }

        if (asked.Id is not null || asked.AddUrns.Count > 0)
            return null;
        if (!import.Options.AllowsNoAddress)
            return new Reason("no_address");
        asked = asked with { Id = RowId.Of(now, import.Id, line), MakesId = true };
        return null;
    }
}
