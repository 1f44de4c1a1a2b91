using Contacts.Core;
using Contacts.Webhooks;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Contacts.Data;

/// <summary>What a context is about to write of objects that people know, attribute by attribute. Contacts are the write engine's, and tell of themselves.</summary>
internal static class ObjectSteps
{
    private static readonly Dictionary<Type, string> Kinds = new()
    {
        [typeof(Group)] = "group",
        [typeof(Field)] = "field",
        [typeof(Stage)] = "stage",
        [typeof(Automation)] = "automation",
        [typeof(Webhook)] = "webhook",
        [typeof(Workspace)] = "workspace",
        [typeof(ApiToken)] = "token",
    };

    // What follows from other attributes, says nothing to people, or must not be shown.
    private static readonly HashSet<string> Left = new(StringComparer.Ordinal)
    {
        nameof(Workspace.Id), nameof(Group.WorkspaceId), nameof(Group.NameKey), nameof(Field.LabelKey), nameof(Group.CreatedOn), nameof(Stage.ModifiedOn),
        nameof(ApiToken.Hash), nameof(Webhook.Secret), nameof(Webhook.PreviousSecret), nameof(Webhook.LeasedBy), nameof(Webhook.LeasedUntil),
    };

    /// <summary>The changes that wait to be written.</summary>
    /// <param name="tracker">What a context knows of its objects.</param>
    public static List<ObjectStep> Of(ChangeTracker tracker)
    {
        var steps = new List<ObjectStep>();
        foreach (var entry in tracker.Entries())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted) || !Kinds.TryGetValue(entry.Metadata.ClrType, out var kind))
                continue;
            var effect = entry.State switch
            {
                EntityState.Added => ContactEffect.Created,
                EntityState.Deleted => ContactEffect.Deleted,
                _ => ContactEffect.Updated,
            };
            steps.Add(new ObjectStep(kind, IdOf(entry), effect, AttributesOf(entry)));
        }

        return steps;
    }

    /// <summary>Fields are known by their keys.</summary>
    private static string IdOf(EntityEntry entry) =>
        entry.Entity is Field field ? field.Key : entry.Property(nameof(Workspace.Id)).CurrentValue?.ToString() ?? string.Empty;

    private static List<AttributeStep> AttributesOf(EntityEntry entry)
    {
        var attributes = new List<AttributeStep>();
        foreach (var property in entry.Properties)
        {
            if (Left.Contains(property.Metadata.Name) || (entry.State == EntityState.Modified && !property.IsModified))
                continue;
            var before = entry.State == EntityState.Added ? null : property.OriginalValue;
            var after = entry.State == EntityState.Deleted ? null : property.CurrentValue;
            if (before is not null || after is not null)
                attributes.Add(new AttributeStep(SnakeCase.Of(property.Metadata.Name), before, after));
        }

        return attributes;
    }
}
