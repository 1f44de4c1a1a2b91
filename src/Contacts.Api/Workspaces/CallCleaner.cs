using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Workspaces;

/// <summary>Removes in the background what was kept of calls and is of no use any more: counts after an hour, answers after a day.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
public sealed class CallCleaner(IDbContextFactory<ContactsDb> contexts, TimeProvider clock, ILogger<CallCleaner> log)
    : WorkspaceRounds(contexts, TimeSpan.FromMinutes(10), clock, log)
{
    private const int Chunk = 1_000;

    /// <inheritdoc />
    protected override async Task CleanAsync(ContactsDb db, CancellationToken cancellation)
    {
        var offset = await db.Workspaces.Where(workspace => workspace.Id == db.WorkspaceId).Select(workspace => workspace.ClockOffsetSeconds).SingleOrDefaultAsync(cancellation);
        var now = Clock.Now().AddSeconds(offset);
        await RemoveAsync(Chunk, () => db.IdempotentCalls
            .Where(call => db.IdempotentCalls.Where(row => row.ExpiresOn <= now).OrderBy(row => row.ExpiresOn)
                .Select(row => row.Id).Take(Chunk).Contains(call.Id))
            .ExecuteDeleteAsync(cancellation));

        var since = now - CallWindow.Hour;
        await db.RequestCounts.Where(row => row.BeganOn <= since).ExecuteDeleteAsync(cancellation);
    }
}
