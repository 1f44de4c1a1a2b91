using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Contacts.Data.Configurations;

/// <summary>What is kept of calls: how many there were, and what was answered under a key.</summary>
internal sealed class CallConfiguration : IEntityTypeConfiguration<RequestCount>, IEntityTypeConfiguration<IdempotentCall>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<RequestCount> builder) => builder.ToTable("RequestCounts")
        .HasKey(count => new { count.WorkspaceId, count.BeganOn, count.TokenId, count.Scope, count.ServerId });

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<IdempotentCall> builder)
    {
        builder.ToTable("IdempotentCalls").HasKey(call => new { call.WorkspaceId, call.Id });
        builder.Property(call => call.Effect).HasConversion<short?>();
    }
}
