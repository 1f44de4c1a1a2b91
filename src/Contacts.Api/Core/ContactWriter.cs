using System.Runtime.ExceptionServices;
using Contacts.Data;
using Contacts.Webhooks;
using Contacts.Workspaces;
using Npgsql;

namespace Contacts.Core;

/// <summary>
/// Writes contacts: takes a batch of changes of one workspace, has <see cref="ContactUpsert"/> decide them, writes them in one transaction, and answers
/// each on its own. What a race comes to is decided here. Single changes that arrive at once share batches.
/// </summary>
public sealed class ContactWriter
{
    private const int BatchAttempts = 3;
    private const int LoneAttempts = 20;

    // A crowd that takes one URN from each other would collide again and again: whoever did so this often queues up.
    private const int HastyAttempts = 4;
    private const string Line = "line";

    // Lists of one workspace at work at once; a busy workspace leaves connections to the others.
    private const int ListsAtOnce = 4;

    private readonly DatabaseWatch _watch;
    private readonly TimeProvider _clock;
    private readonly Outbox _outbox;
    private readonly ReadReplicas _replicas;
    private readonly Coalescer<ContactChange, ContactOutcome> _shared;
    private readonly Coalescer<IReadOnlyList<ContactChange>, IReadOnlyList<ContactOutcome>> _lists;

    /// <summary>A writer.</summary>
    /// <param name="watch">Opens connections.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="outbox">Who is to be told of changes.</param>
    /// <param name="replicas">Who must have what was written before it is read there.</param>
    /// <param name="sharing">How single changes share batches.</param>
    public ContactWriter(DatabaseWatch watch, TimeProvider clock, Outbox outbox, ReadReplicas replicas, Sharing sharing)
    {
        _replicas = replicas;
        _watch = watch;
        _clock = clock;
        _outbox = outbox;
        _shared = new Coalescer<ContactChange, ContactOutcome>(
            sharing, (workspace, changes) => WriteAsync(workspace, changes, isTrial: false, CancellationToken.None));
        _lists = new Coalescer<IReadOnlyList<ContactChange>, IReadOnlyList<ContactOutcome>>(
            new Sharing(BatchSize: 1, ListsAtOnce), async (workspace, lists) => [await WriteAsync(workspace, lists[0], isTrial: false, CancellationToken.None)]);
    }

    /// <summary>Applies one change, together with those that arrive at once.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="change">The change.</param>
    /// <param name="cancellation">Gives up before the work begins; work that began is finished.</param>
    /// <exception cref="BookBusyException">When it kept colliding with others, or too many changes wait already.</exception>
    /// <exception cref="SupersededException">When its claim is another's by now.</exception>
    /// <exception cref="CommitUnknownException">When the connection was lost and it cannot be told whether the change was written.</exception>
    public async Task<ContactOutcome> ApplyAsync(Workspace workspace, ContactChange change, CancellationToken cancellation)
    {
        var outcome = await _shared.AskAsync(workspace, change, cancellation);
        if (outcome.Refusal is Refusal.Failed(var error))
            ExceptionDispatchInfo.Throw(error);
        return outcome;
    }

    /// <summary>Applies changes in the order given; a refused one refuses only itself.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellation">Gives up before the work begins; work that began is finished.</param>
    /// <returns>An outcome per change, in the same order.</returns>
    /// <exception cref="BookBusyException">
    /// When a lone change kept colliding with others, one of several is <see cref="Refusal.Failed"/> then; or when too many lists wait already.
    /// </exception>
    /// <exception cref="SupersededException">When a change's claim is another's by now.</exception>
    /// <exception cref="CommitUnknownException">When the connection was lost and it cannot be told whether the changes were written.</exception>
    public async Task<IReadOnlyList<ContactOutcome>> ApplyAsync(
        Workspace workspace, IReadOnlyList<ContactChange> changes, CancellationToken cancellation)
    {
        var outcomes = await _lists.AskAsync(workspace, changes, cancellation);
        if (outcomes.Select(outcome => outcome.Refusal).OfType<Refusal.Failed>().FirstOrDefault(failed => failed.Error is SupersededException) is { } lost)
            ExceptionDispatchInfo.Throw(lost.Error);
        return outcomes;
    }

    /// <summary>Answers what <see cref="ApplyAsync(Workspace, IReadOnlyList{ContactChange}, CancellationToken)"/> would, and writes nothing.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>An outcome per change, in the same order; contacts that would be made have ids that nobody will see again.</returns>
    public Task<IReadOnlyList<ContactOutcome>> TryAsync(Workspace workspace, IReadOnlyList<ContactChange> changes, CancellationToken cancellation) =>
        WriteAsync(workspace, changes, isTrial: true, cancellation);

    private async Task<IReadOnlyList<ContactOutcome>> WriteAsync(
        Workspace workspace, IReadOnlyList<ContactChange> changes, bool isTrial, CancellationToken cancellation)
    {
        var attempts = changes.Count == 1 ? LoneAttempts : BatchAttempts;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var groups = new HashSet<Guid>();
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (attempt > HastyAttempts)
                names.Add(Line);
            try
            {
                if (await ApplyOnceAsync(workspace, changes, names, groups, isTrial, cancellation) is { } outcomes)
                    return outcomes;
            }
            catch (PostgresException error) when (error.MayRunAgain())
            {
                // Somebody else's transaction came first: what it left is read again from the start.
            }
            catch (Exception error) when (changes.Count > 1 && error is PostgresException or SupersededException && !error.IsLostConnection())
            {
                break;
            }
        }

        if (changes.Count == 1)
            throw new BookBusyException();

        var alone = new List<ContactOutcome>(changes.Count);
        foreach (var change in changes)
            alone.Add(await ApplyAloneAsync(workspace, change, isTrial));
        return alone;
    }

    /// <summary>What fails by itself must not take with it the answers of the changes that came with it. They began, so they are finished.</summary>
    private async Task<ContactOutcome> ApplyAloneAsync(Workspace workspace, ContactChange change, bool isTrial)
    {
        try
        {
            return (await WriteAsync(workspace, [change], isTrial, CancellationToken.None))[0];
        }
        catch (Exception error) when (error is NpgsqlException or BookBusyException or SupersededException or CommitUnknownException)
        {
            return ContactOutcome.Refused(new Refusal.Failed(error));
        }
    }

    /// <param name="workspace">The workspace.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="names">What to hold that is no row: the line, and numbers of two forms, since a contact may only be made with one while nobody else can make one with the other.</param>
    /// <param name="groups">Groups to hold beside those that the changes name.</param>
    /// <param name="isTrial">Whether nothing is to be written.</param>
    /// <param name="cancellation">Gives up before the work begins.</param>
    /// <returns>
    /// The outcomes; null when the batch has to start over: a URN moved between its look-up and the lock, more numbers or groups have to be held, or
    /// the connection was lost before the commit.
    /// </returns>
    private async Task<ContactOutcome[]?> ApplyOnceAsync(
        Workspace workspace, IReadOnlyList<ContactChange> changes, HashSet<string> names, HashSet<Guid> groups, bool isTrial, CancellationToken cancellation)
    {
        var rows = new ContactRows(workspace.Id, names);
        foreach (var change in changes)
            Name(rows, workspace, change);
        rows.GroupIds.UnionWith(groups);
        var subscribers = await _outbox.SubscribersAsync(workspace.Id, cancellation);

        await using var connection = await _watch.OpenEngineAsync(cancellation);
        var read = await rows.BeginAsync(connection);
        if (read is null)
            return null;

        var batch = new ContactBatch(read.Contacts) { Events = subscribers.IsEmpty ? null : [], HidesAddresses = workspace.IsAnonymous };
        var decisions = new ContactUpsert(workspace, batch, read, _clock.Now());
        var outcomes = new ContactOutcome[changes.Count];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = decisions.Decide(changes[i]);
        if (isTrial)
            return outcomes;
        if (HoldMore(names, decisions.NewNumbers) | HoldMore(groups, decisions.NewGroups))
            return null;
        var writes = batch.Differences().Noting(changes, outcomes);
        if (batch.Events is { } events && events.Exists(happened => happened.Kind == EventKind.ContactStageMoved))
            await OutboxRows.NameStagesAsync(connection, workspace.Id, events);
        writes.Outgoing = subscribers.RowsOf(workspace.Id, batch.Events);
        try
        {
            await rows.CommitAsync(connection, writes, _clock.Now());
        }
        catch (Exception lost) when (LostCommit.IsOne(lost))
        {
            if (!await LostCommit.WasWrittenAsync(_watch, workspace.Id, writes, lost))
                return null;
        }

        _replicas.Wrote(workspace.Id);
        _outbox.Announce(writes.Outgoing);
        Measures.BatchSize.Record(outcomes.Length);
        batch.Note(changes, outcomes);
        return outcomes;
    }

    private static bool HoldMore<T>(HashSet<T> held, List<T> needed)
    {
        var count = held.Count;
        held.UnionWith(needed);
        return held.Count > count;
    }

    /// <summary>Names everything that a change may touch, so that it is locked before it is read.</summary>
    private static void Name(ContactRows rows, Workspace workspace, ContactChange change)
    {
        if (change.Claim is { } claim)
            rows.ClaimIds.Add(claim.Id);
        if (change.Id is { } id)
            rows.Ids.Add(id);
        if (change.Merge is { } merged)
            rows.Ids.Add(merged);
        if (change.Urn is { } urn)
        {
            rows.Identities.Add(urn.Identity);
            if (ContactUpsert.OtherForm(workspace, urn) is { } other)
                rows.Identities.Add(other);
        }

        foreach (var added in change.TakesNothing ? change.Urns ?? [] : change.AddUrns)
        {
            rows.Identities.Add(added.Identity);
            if (ContactUpsert.OtherForm(workspace, added) is { } other)
                rows.Identities.Add(other);
        }

        foreach (var listed in change.Urns ?? [])
            rows.Identities.UnionWith(change.MustBeNew ? ContactNumbers.Forms(workspace, listed) : [listed.Identity]);
        foreach (var (_, replacing) in change.Replace)
            rows.Identities.UnionWith(replacing is { } wanted ? ContactNumbers.Forms(workspace, wanted) : []);
        foreach (var group in change.Joined())
            rows.GroupIds.Add(group.Group.Id);
        rows.ReplacesGroups |= change.Groups is not null || change.Status is not null || change.Merge is not null;
    }
}
