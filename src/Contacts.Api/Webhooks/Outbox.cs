using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using static Contacts.Data.Parameters;

namespace Contacts.Webhooks;

/// <summary>
/// Who is to be told of a workspace's changes, and the news that there is something to tell. A subscription made through this server is known to its next
/// call; one made through another server within <see cref="MaxAge"/>.
/// </summary>
/// <param name="watch">Opens connections.</param>
/// <param name="clock">The clock that tells the age of what was read.</param>
public sealed class Outbox(DatabaseWatch watch, TimeProvider clock)
{
    /// <summary>The age from which subscriptions are read again.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1.5);

    private const string Active = "SELECT id, events FROM webhooks WHERE workspace_id = $1 AND is_active ORDER BY id";

    private readonly Pictures<Subscribers> _pictures = new(MaxAge, clock, (workspaceId, cancellation) => ReadAsync(watch, workspaceId, cancellation));

    /// <summary>There are new rows for a webhook: its workspace and its id. Called by whoever made them, so it must not take long.</summary>
    internal Action<Guid, Guid>? Filled { get; set; }

    /// <summary>A webhook was changed or deleted through this server.</summary>
    internal Action<Guid>? Changed { get; set; }

    /// <summary>The workspace's subscribers, no older than <see cref="MaxAge"/>.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="cancellation">Stops waiting.</param>
    internal ValueTask<Subscribers> SubscribersAsync(Guid workspaceId, CancellationToken cancellation) => _pictures.GetAsync(workspaceId, cancellation);

    /// <summary>Called after a committed change of a webhook.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="webhookId">The webhook.</param>
    internal void Forget(Guid workspaceId, Guid webhookId)
    {
        _pictures.Forget(workspaceId);
        Changed?.Invoke(webhookId);
        Filled?.Invoke(workspaceId, webhookId);
    }

    /// <summary>Called after rows were committed.</summary>
    /// <param name="rows">The rows.</param>
    internal void Announce(IReadOnlyList<OutboxRow> rows)
    {
        // Rows of one webhook stand together.
        for (var i = 0; i < rows.Count; i++)
        {
            if (i == 0 || rows[i].WebhookId != rows[i - 1].WebhookId)
                Filled?.Invoke(rows[i].WorkspaceId, rows[i].WebhookId);
        }
    }

    private static async Task<Subscribers> ReadAsync(DatabaseWatch watch, Guid workspaceId, CancellationToken cancellation)
    {
        var active = await watch.ListAsync(
            Active, [Uuid(workspaceId)], row => new Subscription(row.GetGuid(0), row.GetFieldValue<string[]>(1)), cancellation);
        return active.Count == 0 ? Subscribers.None : new Subscribers(active);
    }
}

/// <summary>A webhook that is on, as writers see it.</summary>
/// <param name="WebhookId">The webhook.</param>
/// <param name="Events">The names of the events that it wants, or <see cref="Webhook.AllEvents"/>.</param>
internal sealed record Subscription(Guid WebhookId, IReadOnlyList<string> Events)
{
    /// <summary>Whether it wants a kind of event.</summary>
    /// <param name="kind">The kind's name.</param>
    public bool Wants(string kind) => Events.Contains(kind) || Events.Contains(Webhook.AllEvents);
}

/// <summary>The webhooks of a workspace that are on.</summary>
/// <param name="all">All of them.</param>
internal sealed class Subscribers(IReadOnlyList<Subscription> all)
{
    private static readonly string[] KindNames = [.. Enum.GetValues<EventKind>().Select(Choices<EventKind>.NameOf)];

    /// <summary>Nobody.</summary>
    public static readonly Subscribers None = new([]);

    /// <summary>Whether nobody wants to know anything.</summary>
    public bool IsEmpty => all.Count == 0;

    /// <summary>The rows that tell each subscriber of what it wants to know, in the order of the events.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="events">What happened; null when nobody wanted to know.</param>
    public IReadOnlyList<OutboxRow> RowsOf(Guid workspaceId, List<ContactEvent>? events)
    {
        if (events is not { Count: > 0 })
            return [];
        var texts = events.ConvertAll(happened => happened.ToJson());
        var rows = new List<OutboxRow>(events.Count * all.Count);
        foreach (var subscription in all)
        {
            for (var i = 0; i < texts.Count; i++)
            {
                var kind = KindNames[(int)events[i].Kind];
                if (subscription.Wants(kind))
                    rows.Add(RowOf(workspaceId, subscription.WebhookId, kind, events[i], texts[i]));
            }
        }

        return rows;
    }

    /// <summary>Adds the rows of an event to a context whose changes make it, to be saved with them.</summary>
    /// <param name="db">The context.</param>
    /// <param name="happened">The event.</param>
    /// <returns>The rows, to be announced after the commit.</returns>
    public IReadOnlyList<OutboxRow> Add(ContactsDb db, ContactEvent happened)
    {
        var rows = RowsOf(db.WorkspaceId, [happened]);
        db.AddRange(rows);
        return rows;
    }

    private static OutboxRow RowOf(Guid workspaceId, Guid webhookId, string kind, ContactEvent happened, string text) => new()
    {
        WorkspaceId = workspaceId,
        WebhookId = webhookId,
        Id = RowId.At(happened.Order),
        SubjectId = happened.SubjectId,
        Kind = kind,
        Event = text,
        OccurredOn = happened.At,
        DueOn = DateTime.UnixEpoch,
    };
}
