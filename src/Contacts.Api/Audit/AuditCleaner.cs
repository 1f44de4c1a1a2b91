using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Audit;

/// <summary>Removes entries of the audit log that are older than its owner wants them kept.</summary>
/// <param name="contexts">Where it is kept.</param>
/// <param name="settings">How long.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
internal sealed class AuditCleaner(IDbContextFactory<ContactsDb> contexts, AuditSettings settings, TimeProvider clock, ILogger<AuditCleaner> log)
    : WorkspaceRounds(contexts, TimeSpan.FromHours(1), clock, log)
{
    private const int Chunk = 1_000;

    /// <inheritdoc />
    protected override async Task CleanAsync(ContactsDb db, CancellationToken cancellation)
    {
        var end = RowId.First(Clock.Now() - settings.KeepFor);
        await RemoveAsync(Chunk, async () =>
        {
            var old = await db.AuditLog.Where(entry => entry.Id < end).OrderBy(entry => entry.Id).Select(entry => entry.Id).Take(Chunk).ToListAsync(cancellation);
            if (old.Count == 0)
                return 0;
            var last = old[^1];
            return await db.AuditLog.Where(entry => entry.Id <= last).ExecuteDeleteAsync(cancellation);
        });
    }
}
