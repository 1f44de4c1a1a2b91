using Contacts.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace Contacts.Imports;

/// <summary>What several parts do with the rows of imports.</summary>
internal static class ImportRows
{
    /// <summary>Removes an import with its file and rows, all or nothing; one that is at work stays.</summary>
    /// <param name="db">An open context of the workspace.</param>
    /// <param name="id">The import.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task RemoveImportAsync(this ContactsDb db, Guid id, CancellationToken cancellation)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);

        // Changes nothing, and holds the row: whoever would begin the import now waits, and finds none.
        var held = await db.Imports.Where(row => row.Id == id && row.Status != ImportStatus.Checking && row.Status != ImportStatus.Running)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.IsStopping, row => row.IsStopping), cancellation);
        if (held == 0)
            return;
        await db.ImportRows.Where(row => row.ImportId == id).ExecuteDeleteAsync(cancellation);
        await db.ImportFiles.Where(row => row.ImportId == id).ExecuteDeleteAsync(cancellation);
        await db.Imports.Where(row => row.Id == id).ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(CancellationToken.None);
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
