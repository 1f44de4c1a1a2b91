using Contacts.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Contacts.Data.Configurations;

/// <summary>What a workspace defines: fields, groups with their members and counts, stages, automations.</summary>
internal sealed class CatalogConfiguration :
    IEntityTypeConfiguration<Field>, IEntityTypeConfiguration<Group>, IEntityTypeConfiguration<GroupMember>,
    IEntityTypeConfiguration<GroupCount>, IEntityTypeConfiguration<Automation>, IEntityTypeConfiguration<AutomationGroup>,
    IEntityTypeConfiguration<Stage>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<Field> builder)
    {
        builder.ToTable("Fields").HasKey(field => new { field.WorkspaceId, field.Id });
        builder.Property(field => field.ValueType).HasConversion<string>();
    }

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<Group> builder) =>
        builder.ToTable("Groups").HasKey(group => new { group.WorkspaceId, group.Id });

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<GroupMember> builder) =>
        builder.ToTable("GroupMembers").HasKey(member => new { member.WorkspaceId, member.GroupId, member.ContactId });

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<GroupCount> builder) =>
        builder.ToTable("GroupCounts").HasKey(count => new { count.WorkspaceId, count.Id });

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<Stage> builder) =>
        builder.ToTable("Stages").HasKey(stage => new { stage.WorkspaceId, stage.Id });

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<Automation> builder)
    {
        builder.ToTable("Automations").HasKey(automation => new { automation.WorkspaceId, automation.Id });
        builder.Property(automation => automation.Kind).HasConversion<string>();
    }

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<AutomationGroup> builder)
    {
        builder.ToTable("AutomationGroups").HasKey(used => new { used.WorkspaceId, used.AutomationId, used.GroupId });
        builder.HasOne<Automation>().WithMany().HasForeignKey(used => new { used.WorkspaceId, used.AutomationId });
    }
}
