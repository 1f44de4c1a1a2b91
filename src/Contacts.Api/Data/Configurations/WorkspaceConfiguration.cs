using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Contacts.Data.Configurations;

/// <summary>Workspaces and tokens: small tables that are not distributed.</summary>
internal sealed class WorkspaceConfiguration : IEntityTypeConfiguration<Workspace>, IEntityTypeConfiguration<ApiToken>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<Workspace> builder)
    {
        builder.ToTable("Workspaces").HasKey(workspace => workspace.Id);
        builder.Property(workspace => workspace.DateStyle).HasConversion<string>();
        builder.Property(workspace => workspace.Standing).HasConversion<string>();
        builder.Property(workspace => workspace.Recording).HasConversion<string>();
        builder.Property(workspace => workspace.Languages)
            .HasColumnType("text[]")
            .HasConversion(codes => codes.ToArray(), codes => codes, new ValueComparer<IReadOnlyList<string>>(favorStructuralComparisons: false));
        builder.Ignore(workspace => workspace.Zone).Ignore(workspace => workspace.ClockOffset);
    }

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("ApiTokens").HasKey(token => new { token.WorkspaceId, token.Id });
        builder.Property(token => token.Role).HasConversion<string>();
    }
}
