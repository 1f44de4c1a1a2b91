using Contacts.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace Contacts.Imports;

/// <summary>What several parts do with the rows of imports.</summary>
internal static class ImportRows
{
    /// <summary>Removes an import with its file and rows.</summary>
    /// <param name="db">An open context of the workspace.</param>
    /// <param name="id">The import.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public static async Task RemoveImportAsync(this ContactsDb db, Guid id, CancellationToken cancellation)
    {
        await db.ImportRows.Where(row => row.ImportId == id).ExecuteDeleteAsync(cancellation);
        await db.ImportFiles.Where(row => row.ImportId == id).ExecuteDeleteAsync(cancellation);
        await db.Imports.Where(row => row.Id == id).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>Sets all counts of an import to none.</summary>
    /// <param name="update">The update.</param>
    public static UpdateSettersBuilder<Import> Emptied(this UpdateSettersBuilder<Import> update) => update
        .SetProperty(row => row.ReadCount, 0)
        .SetProperty(row => row.CreatedCount, 0)
        .SetProperty(row => row.UpdatedCount, 0)
        .SetProperty(row => row.UnchangedCount, 0)
        .SetProperty(row => row.RefusedCount, 0)
        .SetProperty(row => row.RepeatedCount, 0)
        .SetProperty(row => row.NewGroups, (IReadOnlyList<string>)Array.Empty<string>())
        .SetProperty(row => row.BatchOn, (DateTime?)null);
}
