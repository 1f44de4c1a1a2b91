using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Imports;

/// <summary>Says what is wrong with a choice of columns, before a file is tried with it.</summary>
internal static class ImportFaults
{
    /// <summary>The column that faults of the whole stand under.</summary>
    public const int Whole = -1;

    /// <summary>All faults, by column.</summary>
    /// <param name="options">The choice.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="catalog">Its fields.</param>
    public static IReadOnlyDictionary<int, Reason> Of(ImportOptions options, Workspace workspace, Catalog catalog)
    {
        var faults = new Dictionary<int, Reason>();
        var targets = options.Targets();
        var fields = catalog.Fields.Count;
        for (var column = 0; column < targets.Count; column++)
        {
            var fault = targets[column].Kind == ColumnKind.NewField
                ? OfNewField(options.Headers[column].Trim(), catalog, workspace, ref fields)
                : OfColumn(targets, column, catalog);
            if (fault is not null)
                faults[column] = fault;
        }

        if (!options.AllowsNoAddress && !targets.Any(target => target.Kind is ColumnKind.Uuid or ColumnKind.Urn))
            faults[Whole] = new Reason("no_address_column");
        return faults;
    }

    private static Reason? OfColumn(IReadOnlyList<ColumnTarget> targets, int column, Catalog catalog)
    {
        var target = targets[column];
        if (target.Kind is ColumnKind.Uuid or ColumnKind.Name or ColumnKind.Language or ColumnKind.Field && targets.Take(column).Contains(target))
            return new Reason("column_twice");
        return target.Kind == ColumnKind.Field && catalog.FieldByKey(target.Detail) is null ? new Reason("field_unknown", target.Detail) : null;
    }

    private static Reason? OfNewField(string label, Catalog catalog, Workspace workspace, ref int fields)
    {
        if (ContactShape.OfLabel(label) is { } fault)
            return fault;
        if (catalog.Fields.Any(field => field.LabelKey == NameKey.Of(label)))
            return null;
        var key = FieldService.KeyOf(label);
        if (!FieldService.MakesKey(label))
            return new Reason("key_invalid", key);
        if (catalog.FieldByKey(key) is not null)
            return new Reason("key_taken", key);
        return ++fields > workspace.FieldLimit ? new Reason("limit_reached", $"{workspace.FieldLimit}") : null;
    }
}
