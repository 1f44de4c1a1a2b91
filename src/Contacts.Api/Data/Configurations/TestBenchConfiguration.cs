using Contacts.TestBench;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Contacts.Data.Configurations;

/// <summary>Faults on request and snapshots of the book.</summary>
internal sealed class TestBenchConfiguration :
    IEntityTypeConfiguration<Fault>, IEntityTypeConfiguration<BookSnapshot>, IEntityTypeConfiguration<SnapshotRows>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<Fault> builder)
    {
        builder.ToTable("Faults").HasKey(fault => new { fault.WorkspaceId, fault.Id });
        builder.Property(fault => fault.Effect).HasConversion<string>();
    }

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<BookSnapshot> builder) => builder.ToTable("Snapshots").HasKey(snapshot => new { snapshot.WorkspaceId, snapshot.Id });

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<SnapshotRows> builder)
    {
        builder.ToTable("SnapshotRows").HasKey(rows => new { rows.WorkspaceId, rows.SnapshotId, rows.Part, rows.Chunk });
        builder.Property(rows => rows.Content).HasColumnType("jsonb");
    }
}
