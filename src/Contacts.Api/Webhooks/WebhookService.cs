using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Webhooks;

/// <summary>The workspace's webhooks: made, changed, tried and deleted, through whichever API.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="outbox">Is told of every change.</param>
/// <param name="sender">Sends what tries a webhook.</param>
/// <param name="clock">The clock.</param>
public sealed class WebhookService(IDbContextFactory<ContactsDb> contexts, Outbox outbox, Sender sender, TimeProvider clock)
{
    /// <summary>How long the secret before a rotation signs as well.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    /// <summary>All webhooks, oldest first: there are at most <see cref="Webhook.MaxCount"/>.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<Webhook>> ListAsync(Workspace workspace, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        return await db.Webhooks.AsNoTracking().OrderBy(webhook => webhook.Id).ToListAsync(cancellation);
    }

    /// <summary>One webhook, or null.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Webhook?> FindAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        return await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(webhook => webhook.Id == id, cancellation);
    }

    /// <summary>Makes a webhook, on at once unless it says otherwise. Its secret is to be shown now, and never again.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="changes">What it is to be, of a valid shape, with a name, a URL and events.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    public async Task<Outcome<Webhook>> CreateAsync(Workspace workspace, WebhookChanges changes, CancellationToken cancellation)
    {
        if (await RefuseAsync(workspace, changes, cancellation) is { } refusal)
            return refusal;
        var now = clock.Now();
        var webhook = new Webhook
        {
            WorkspaceId = workspace.Id,
            Id = RowId.At(now),
            Name = changes.Name.Value,
            Url = changes.Url.Value,
            Events = changes.Events.Value,
            Secret = Webhook.NewSecret(),
            CreatedOn = now,
            ModifiedOn = now,
        };
        changes.Apply(webhook);
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        var count = await db.Webhooks.CountAsync(cancellation);
        if (count >= Webhook.MaxCount)
            return new Refusal.LimitReached(count, Webhook.MaxCount);
        db.Add(webhook);
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Created, webhook.Id.ToString());
        outbox.Forget(workspace.Id, webhook.Id);
        return webhook;
    }

    /// <summary>Changes a webhook.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">Its id.</param>
    /// <param name="changes">What is to change, of a valid shape.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    public async Task<Outcome<Webhook>> UpdateAsync(Workspace workspace, Guid id, WebhookChanges changes, CancellationToken cancellation)
    {
        if (await RefuseAsync(workspace, changes, cancellation) is { } refusal)
            return refusal;
        return await ChangeAsync(workspace, id, changes.Apply, cancellation);
    }

    /// <summary>Gives a webhook another secret, to be shown now and never again. Requests are signed with the one before as well for <see cref="Overlap"/>.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    public Task<Outcome<Webhook>> RotateAsync(Workspace workspace, Guid id, CancellationToken cancellation) => ChangeAsync(
        workspace,
        id,
        webhook =>
        {
            (webhook.PreviousSecret, webhook.Secret) = (webhook.Secret, Webhook.NewSecret());
            webhook.PreviousSecretUntil = clock.NowIn(workspace) + Overlap;
        },
        cancellation);

    /// <summary>Deletes a webhook with what waits for it; its log goes in the background.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellation">Stops waiting before it is written.</param>
    /// <returns>Why it was not deleted, or null.</returns>
    public async Task<Refusal?> DeleteAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        if (await db.Webhooks.Where(webhook => webhook.Id == id).ExecuteDeleteAsync(cancellation) == 0)
            return new Refusal.NotFound();
        await db.WebhookOutbox.Where(row => row.WebhookId == id).ExecuteDeleteAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Deleted, id.ToString());
        outbox.Forget(workspace.Id, id);
        return null;
    }

    /// <summary>Sends an event of no consequence at once, whether the webhook is on or off, and keeps it in the log. It counts as nothing.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="id">The webhook.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The attempt; null when there is no such webhook.</returns>
    public async Task<WebhookDelivery?> TestAsync(Workspace workspace, Guid id, CancellationToken cancellation)
    {
        if (await FindAsync(workspace, id, cancellation) is not { } webhook)
            return null;
        var now = clock.Now();
        var happened = new ContactEvent { Kind = EventKind.Test, SubjectId = id, At = now };
        var row = new OutboxRow
        {
            WorkspaceId = workspace.Id,
            WebhookId = id,
            Id = RowId.At(now),
            SubjectId = id,
            Kind = Choices<EventKind>.NameOf(EventKind.Test),
            Event = happened.ToJson(),
            OccurredOn = now,
        };
        var attempt = await sender.SendAsync(new LeasedWebhook(webhook, workspace.AllowsPrivateTargets, workspace.ClockOffset), row, cancellation);
        var delivery = attempt.ToDelivery();
        await using var db = contexts.Open(workspace.Id);
        db.Add(delivery);
        await db.SaveChangesAsync(CancellationToken.None);
        return delivery;
    }

    private async Task<Outcome<Webhook>> ChangeAsync(Workspace workspace, Guid id, Action<Webhook> change, CancellationToken cancellation)
    {
        await using var db = contexts.Open(workspace.Id);
        await using var transaction = await db.BeginCatalogChangeAsync(cancellation);
        if (await db.Webhooks.SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { } webhook)
            return new Refusal.NotFound();
        change(webhook);
        webhook.ModifiedOn = clock.Now();
        await db.SaveChangesAsync(cancellation);
        await db.CommitAsync(transaction, CallEffect.Updated, id.ToString());
        outbox.Forget(workspace.Id, id);
        return webhook;
    }

    private static async ValueTask<Refusal?> RefuseAsync(Workspace workspace, WebhookChanges changes, CancellationToken cancellation)
    {
        if (!changes.Url.IsGiven)
            return null;
        var fault = await Target.CheckAsync(changes.Url.Value, workspace.AllowsPrivateTargets, cancellation);
        return fault == TargetFault.None ? null : new Refusal.TargetRefused(fault);
    }
}
