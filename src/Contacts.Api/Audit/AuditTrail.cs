using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Audit;

/// <summary>What there is to set of the audit log.</summary>
/// <param name="KeepFor">How long entries are kept.</param>
public sealed record AuditSettings(TimeSpan KeepFor);

/// <summary>Writes and reads the audit log. It has no statement that changes or deletes a past entry, but for its age.</summary>
/// <param name="contexts">Where it is kept.</param>
/// <param name="clock">The clock.</param>
public sealed class AuditTrail(IDbContextFactory<ContactsDb> contexts, TimeProvider clock)
{
    /// <summary>The channel of the management API.</summary>
    public const string Management = "management";

    /// <summary>The channel of the console.</summary>
    public const string Console = "console";

    /// <summary>The channel of the command line.</summary>
    public const string Command = "command";

    /// <summary>The most entries of a page.</summary>
    public const int MaxPageSize = 250;

    // What names more than this many things says how many more there are.
    private const int MaxSubjects = 3;

    // What was refused came to nothing, whatever was tried on the way.
    private const int MinRefusal = 400;

    /// <summary>The id of an entry of now.</summary>
    public Guid NewId() => RowId.At(clock.Now());

    /// <summary>Writes an entry. What it tells of may begin when this has returned.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellation">Stops waiting; then nothing may be done.</param>
    public async Task BeginAsync(AuditEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await using var db = contexts.Open(entry.WorkspaceId);
        db.Add(entry);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Adds what came of it.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="status">The status that is answered.</param>
    /// <param name="journal">What was changed, or null.</param>
    public async Task EndAsync(AuditEntry entry, int status, ChangeJournal? journal)
    {
        ArgumentNullException.ThrowIfNull(entry);
        (entry.Status, entry.Subject) = (status, status < MinRefusal ? SubjectOf(journal) : null);
        await using var db = contexts.Open(entry.WorkspaceId);
        await db.AuditLog.Where(row => row.Id == entry.Id)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Status, entry.Status).SetProperty(row => row.Subject, entry.Subject), CancellationToken.None);
    }

    /// <summary>A page of entries, the last one first.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="size">How many.</param>
    /// <param name="from">Where the page begins or ends; null for the first.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Page<AuditEntry>> ListAsync(Guid workspaceId, AuditQuery query, int size, Cursor? from, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var db = contexts.Open(workspaceId);
        var entries = query.In(db);
        var ordered = from switch
        {
            null => entries.OrderByDescending(entry => entry.Id),
            { Backwards: true, Id: var id } => entries.Where(entry => entry.Id > id).OrderBy(entry => entry.Id),
            { Id: var id } => entries.Where(entry => entry.Id < id).OrderByDescending(entry => entry.Id),
        };
        return Page<AuditEntry>.Of(await ordered.Take(size + 1).ToListAsync(cancellation), size, from, entry => (null, entry.Id));
    }

    private static string? SubjectOf(ChangeJournal? journal)
    {
        if (journal is null)
            return null;
        var all = journal.Objects.Select(step => step.Kind is { } kind ? $"{kind} {step.Id}" : step.Id).Concat(journal.Contacts.Select(id => $"contact {id}")).Distinct().ToList();
        if (all.Count == 0)
            return null;
        var more = all.Count - MaxSubjects;
        return string.Join(", ", all.Take(MaxSubjects)) + (more > 0 ? $" +{more}" : string.Empty);
    }
}
