using Contacts.Audit;
using Contacts.Calls;
using Contacts.Console;
using Contacts.Core;
using Contacts.Imports;
using Contacts.TestBench;
using Contacts.Webhooks;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Data;

/// <summary>The EF Core model. Contexts are pooled; each use names its workspace, and every query is filtered by it.</summary>
/// <param name="options">EF Core's options.</param>
public sealed class ContactsDb(DbContextOptions<ContactsDb> options) : DbContext(options)
{
    private readonly List<ObjectStep> _held = [];
    private Guid? _heldFor;
    private Guid? _workspaceId;

    /// <summary>The workspace that every query of this use is kept within.</summary>
    /// <exception cref="InvalidOperationException">When no workspace was named: see <see cref="ContactsDbFactory.Open"/>.</exception>
    public Guid WorkspaceId
    {
        get => _workspaceId ?? throw new InvalidOperationException("A query without a workspace.");
        set => _workspaceId = value;
    }

    /// <summary>All workspaces. Not filtered.</summary>
    public DbSet<Workspace> Workspaces => Set<Workspace>();

    /// <summary>All tokens. Not filtered: a token's hash is looked up before its workspace is known.</summary>
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    /// <summary>The workspace's contacts, deleted ones included.</summary>
    public DbSet<Contact> Contacts => Set<Contact>();

    /// <summary>The workspace's URNs.</summary>
    public DbSet<ContactUrn> ContactUrns => Set<ContactUrn>();

    /// <summary>The workspace's fields.</summary>
    public DbSet<Field> Fields => Set<Field>();

    /// <summary>The workspace's groups, deleted ones that still have members included.</summary>
    public DbSet<Group> Groups => Set<Group>();

    /// <summary>The stages of the workspace's funnel.</summary>
    public DbSet<Stage> Stages => Set<Stage>();

    /// <summary>The workspace's memberships.</summary>
    public DbSet<GroupMember> GroupMembers => Set<GroupMember>();

    /// <summary>The differences that sum up to the groups' counts.</summary>
    public DbSet<GroupCount> GroupCounts => Set<GroupCount>();

    /// <summary>The workspace's triggers, flows and campaigns, archived ones included.</summary>
    public DbSet<Automation> Automations => Set<Automation>();

    /// <summary>The groups that they use.</summary>
    public DbSet<AutomationGroup> AutomationGroups => Set<AutomationGroup>();

    /// <summary>The workspace's calls of the last hour, counted.</summary>
    public DbSet<RequestCount> RequestCounts => Set<RequestCount>();

    /// <summary>The workspace's calls under a key.</summary>
    public DbSet<IdempotentCall> IdempotentCalls => Set<IdempotentCall>();

    /// <summary>The workspace's webhooks.</summary>
    public DbSet<Webhook> Webhooks => Set<Webhook>();

    /// <summary>The events on their way to them.</summary>
    public DbSet<OutboxRow> WebhookOutbox => Set<OutboxRow>();

    /// <summary>The attempts that were made.</summary>
    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    /// <summary>The workspace's imports.</summary>
    public DbSet<Import> Imports => Set<Import>();

    /// <summary>Their files.</summary>
    public DbSet<ImportFile> ImportFiles => Set<ImportFile>();

    /// <summary>Their rows that are told of.</summary>
    public DbSet<ImportRow> ImportRows => Set<ImportRow>();

    /// <summary>The faults that were asked for, ended ones that nobody removed yet included.</summary>
    public DbSet<Fault> Faults => Set<Fault>();

    /// <summary>The workspace's snapshots.</summary>
    public DbSet<BookSnapshot> Snapshots => Set<BookSnapshot>();

    /// <summary>What is in them.</summary>
    public DbSet<SnapshotRows> SnapshotRows => Set<SnapshotRows>();

    /// <summary>Sessions of the web interface. Not kept within the workspace: who calls is not known yet.</summary>
    public DbSet<Session> ConsoleSessions => Set<Session>();

    /// <summary>The keys that guard forms, of all workspaces.</summary>
    public DbSet<FormKey> ConsoleKeys => Set<FormKey>();

    /// <summary>The workspace's calls that were recorded.</summary>
    public DbSet<RecordedCall> RecordedCalls => Set<RecordedCall>();

    /// <summary>The contacts of those that touched several.</summary>
    public DbSet<RecordedContact> RecordedContacts => Set<RecordedContact>();

    /// <summary>The workspace's calls by the minute, counted.</summary>
    public DbSet<CallMinute> CallMinutes => Set<CallMinute>();

    /// <summary>What was done to the workspace.</summary>
    public DbSet<AuditEntry> AuditLog => Set<AuditEntry>();

    /// <inheritdoc />
    public override void Dispose()
    {
        Clear();
        base.Dispose();
    }

    /// <inheritdoc />
    public override ValueTask DisposeAsync()
    {
        Clear();
        return base.DisposeAsync();
    }

    /// <summary>
    /// Writes what was changed, and notes it in the journal of the call that runs now; within a transaction only when
    /// <see cref="NoteCommitted"/> says that it was committed.
    /// </summary>
    /// <inheritdoc />
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var steps = ChangeJournal.Current is null ? [] : ObjectSteps.Of(ChangeTracker);
        var count = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (steps.Count == 0)
            return count;
        if (_heldFor != Database.CurrentTransaction?.TransactionId)
            _held.Clear();
        _held.AddRange(steps);
        _heldFor = Database.CurrentTransaction?.TransactionId;
        if (_heldFor is null)
            NoteCommitted();
        return count;
    }

    /// <summary>Notes the changes of a transaction in the journal of the call that runs now, after its commit.</summary>
    internal void NoteCommitted()
    {
        foreach (var step in _held)
            ChangeJournal.Current?.Note(step);
        _held.Clear();
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ContactsDb).Assembly);
        modelBuilder.Entity<Contact>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<ContactUrn>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<Field>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<Group>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<Stage>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<GroupMember>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<GroupCount>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<Automation>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<AutomationGroup>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<RequestCount>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<IdempotentCall>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<Webhook>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<OutboxRow>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<WebhookDelivery>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<Import>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<ImportFile>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<ImportRow>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<Fault>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<BookSnapshot>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<SnapshotRows>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<RecordedCall>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<RecordedContact>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<CallMinute>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        modelBuilder.Entity<AuditEntry>().HasQueryFilter(row => row.WorkspaceId == WorkspaceId);
        SnakeCase.Apply(modelBuilder);
    }

    /// <summary>The pool gives the context to somebody else.</summary>
    private void Clear()
    {
        _workspaceId = null;
        _held.Clear();
    }
}

/// <summary>Opens contexts.</summary>
public static class ContactsDbFactory
{
    /// <summary>A pooled context for one workspace. Dispose of it soon: it holds a connection while it reads.</summary>
    /// <param name="contexts">The pool.</param>
    /// <param name="workspaceId">The workspace that every query is kept within.</param>
    public static ContactsDb Open(this IDbContextFactory<ContactsDb> contexts, Guid workspaceId)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        var db = contexts.CreateDbContext();
        db.WorkspaceId = workspaceId;
        return db;
    }
}
