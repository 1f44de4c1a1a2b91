using Contacts.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Contacts.Data.Configurations;

/// <summary>Who did what to a workspace.</summary>
internal sealed class AuditConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<AuditEntry> builder) => builder.ToTable("AuditLog").HasKey(entry => new { entry.WorkspaceId, entry.Id });
}
