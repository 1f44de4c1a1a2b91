using Contacts.Data;
using Contacts.Webhooks;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Core;

/// <summary>The stages of a workspace's funnel.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="outbox">Who is to be told of changes.</param>
/// <param name="clock">The clock.</param>
public sealed class StageService(IDbContextFactory<ContactsDb> contexts, Outbox outbox, TimeProvider clock)
{
    private const int Chunk = 1000;

    /// <summary>All stages with their counts, in the funnel's order: two statements.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<CountedStage>> ListAsync(Workspace workspace, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        return await CountAsync(db, await InOrder(db.Stages.AsNoTracking()).ToListAsync(cancellation), cancellation);
    }

    /// <summary>The stage with an id and its count, or null.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The id.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<CountedStage?> FindAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        var found = await db.Stages.AsNoTracking().Where(stage => stage.Id == id).ToListAsync(cancellation);
        return (await CountAsync(db, found, cancellation)).SingleOrDefault();
    }

    /// <summary>Those of some stages that exist, by their ids. Without any id nothing is asked.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="ids">Ids; nulls are passed over.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyDictionary<Guid, Stage>> FindAsync(Workspace workspace, IEnumerable<Guid?> ids, CancellationToken cancellation)
    {
        var wanted = ids.OfType<Guid>().Distinct().ToList();
        if (wanted.Count == 0)
            return new Dictionary<Guid, Stage>();
        await using var db = contexts.Open(workspace.Id);
        return await db.Stages.AsNoTracking().Where(stage => wanted.Contains(stage.Id)).ToDictionaryAsync(stage => stage.Id, cancellation);
    }

    /// <summary>Makes a stage.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The name, of a valid shape.</param>
    /// <param name="color">The colour, of a valid shape.</param>
    /// <param name="position">Its place, from 0; null, or more than there are, for the end.</param>
    /// <param name="by">The name of the token that makes it.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public async Task<Outcome<CountedStage>> CreateAsync(
        Workspace workspace, string name, string color, int? position, string by, CancellationToken cancellation)
    {
        // Before a connection is held: waiting for another one with many others that hold one might never end.
        var subscribers = await outbox.SubscribersAsync(workspace.Id, cancellation);
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        var stages = await InOrder(db.Stages).ToListAsync(cancellation);
        if (stages.Count >= Stage.MaxCount)
            return new Refusal.LimitReached(stages.Count, Stage.MaxCount);
        var now = clock.Now();
        var made = new Stage
        {
            WorkspaceId = workspace.Id,
            Id = RowId.At(now),
            Name = name,
            Position = -1,
            Color = color,
            CreatedOn = now,
            ModifiedOn = now,
        };
        db.Add(made);
        stages.Insert(Math.Min(position ?? stages.Count, stages.Count), made);
        Number(stages, now);
        var rows = subscribers.Add(db, EventOf(EventKind.StageCreated, made, by));
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Created, made.Id.ToString());
        outbox.Announce(rows);
        return new CountedStage(made, 0);
    }

    /// <summary>Changes a stage's name or colour.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The stage.</param>
    /// <param name="name">The name, of a valid shape.</param>
    /// <param name="color">The colour, of a valid shape.</param>
    /// <param name="by">The name of the token that changes it.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    public async Task<Outcome<CountedStage>> UpdateAsync(
        Workspace workspace, Guid id, Optional<string> name, Optional<string> color, string by, CancellationToken cancellation)
    {
        var subscribers = await outbox.SubscribersAsync(workspace.Id, cancellation);
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        if (await db.Stages.SingleOrDefaultAsync(stage => stage.Id == id, cancellation) is not { } found)
            return new Refusal.NotFound();
        found.Name = name.Or(found.Name);
        found.Color = color.Or(found.Color);
        IReadOnlyList<OutboxRow> rows = [];
        if (db.ChangeTracker.HasChanges())
        {
            found.ModifiedOn = clock.Now();
            rows = subscribers.Add(db, EventOf(EventKind.StageUpdated, found, by));
        }

        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Updated, id.ToString());
        outbox.Announce(rows);
        return (await CountAsync(db, [found], CancellationToken.None))[0];
    }

    /// <summary>Puts stages into an order; those that are not named follow in the order they had.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="ids">The stages, each once.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    /// <returns>All stages in their new order; refused when one is not there.</returns>
    public async Task<Outcome<IReadOnlyList<CountedStage>>> ReorderAsync(Workspace workspace, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        var stages = await InOrder(db.Stages).ToListAsync(cancellation);
        var named = ids.Select(id => stages.Find(stage => stage.Id == id)).ToList();
        if (named.Contains(null))
            return new Refusal.NotFound();
        List<Stage> ordered = [.. named.OfType<Stage>().Concat(stages).Distinct()];
        Number(ordered, clock.Now());
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Several, string.Empty);
        return new Outcome<IReadOnlyList<CountedStage>>(await CountAsync(db, ordered, CancellationToken.None), null);
    }

    /// <summary>Deletes a stage. Its contacts are in none from then on; their rows are cleared after it, piece by piece.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The stage.</param>
    /// <param name="cancellation">Stops waiting before the change is written.</param>
    /// <returns>Null when done; else why not.</returns>
    public async Task<Refusal?> DeleteAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using (var transaction = await db.BeginCatalogChangeAsync(cancellation))
        {
            var stages = await InOrder(db.Stages).ToListAsync(cancellation);
            if (stages.Find(stage => stage.Id == id) is not { } found)
                return new Refusal.NotFound();
            db.Remove(found);
            stages.Remove(found);
            Number(stages, clock.Now());
            await db.SaveChangesAsync(cancellation);
            await db.CommitAsync(transaction, CallEffect.Deleted, id.ToString());
        }

        while (await ClearAsync(db, id) == Chunk)
        {
            // What a crash leaves here is never seen: the id of a stage is not used again.
        }

        return null;
    }

    private static ContactEvent EventOf(EventKind kind, Stage stage, string by) => new()
    {
        Kind = kind,
        SubjectId = stage.Id,
        At = stage.ModifiedOn,
        By = by,
        Name = stage.Name,
        Color = stage.Color,
        Position = stage.Position,
        CreatedOn = stage.CreatedOn,
    };

    /// <summary>In the order in which the write engine locks contacts.</summary>
    private static Task<int> ClearAsync(ContactsDb db, Guid id) => db.Database.ExecuteSqlAsync(
        $"""
         UPDATE contacts SET stage_id = NULL WHERE workspace_id = {db.WorkspaceId} AND id = ANY (ARRAY(
           SELECT id FROM contacts WHERE workspace_id = {db.WorkspaceId} AND stage_id = {id} ORDER BY id LIMIT {Chunk} FOR UPDATE))
         """,
        CancellationToken.None);

    private static IOrderedQueryable<Stage> InOrder(IQueryable<Stage> stages) => stages.OrderBy(stage => stage.Position).ThenBy(stage => stage.Id);

    private static void Number(List<Stage> stages, DateTime now)
    {
        for (var position = 0; position < stages.Count; position++)
        {
            if (stages[position].Position == position)
                continue;
            stages[position].Position = position;
            stages[position].ModifiedOn = now;
        }
    }

    private static async Task<IReadOnlyList<CountedStage>> CountAsync(ContactsDb db, List<Stage> stages, CancellationToken cancellation)
    {
        if (stages.Count == 0)
            return [];
        List<Guid?> ids = [.. stages.Select(stage => (Guid?)stage.Id)];
        var counts = await db.Contacts.Where(contact => contact.DeletedOn == null && ids.Contains(contact.StageId))
            .GroupBy(contact => contact.StageId)
            .Select(contacts => new { contacts.Key, Count = contacts.LongCount() })
            .ToDictionaryAsync(row => row.Key!.Value, row => row.Count, cancellation);
        return [.. stages.Select(stage => new CountedStage(stage, counts.GetValueOrDefault(stage.Id)))];
    }
}
