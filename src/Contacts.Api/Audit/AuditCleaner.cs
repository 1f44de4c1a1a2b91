using Contacts.Core;
using Contacts.Data;
using static Contacts.Data.Parameters;

namespace Contacts.Audit;

/// <summary>Removes entries of the audit log that are older than its owner wants them kept.</summary>
/// <param name="watch">Opens connections.</param>
/// <param name="settings">How long.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where failures are told.</param>
internal sealed class AuditCleaner(DatabaseWatch watch, AuditSettings settings, TimeProvider clock, ILogger<AuditCleaner> log)
    : WorkspaceRounds(watch, TimeSpan.FromHours(1), clock, log)
{
    private const int Chunk = 1_000;

    private const string RemoveOld =
        """
        DELETE FROM audit_log WHERE workspace_id = $1 AND id = ANY (
          ARRAY(SELECT id FROM audit_log WHERE workspace_id = $1 AND id < $2 ORDER BY id LIMIT $3))
        """;

    /// <inheritdoc />
    protected override Task CleanAsync(Guid workspaceId, CancellationToken cancellation)
    {
        var end = RowId.First(Clock.Now() - settings.KeepFor);
        return RemoveAsync(Chunk, () => Watch.ExecuteAsync(RemoveOld, [Uuid(workspaceId), Uuid(end), Integer(Chunk)], cancellation));
    }
}
