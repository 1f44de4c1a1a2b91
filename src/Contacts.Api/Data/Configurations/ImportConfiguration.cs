using Contacts.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Contacts.Data.Configurations;

/// <summary>Imports, their files, and the rows that are told of.</summary>
internal sealed class ImportConfiguration : IEntityTypeConfiguration<Import>, IEntityTypeConfiguration<ImportFile>, IEntityTypeConfiguration<ImportRow>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<Import> builder)
    {
        builder.ToTable("Imports").HasKey(import => new { import.WorkspaceId, import.Id });
        builder.Property(import => import.Status).HasConversion<string>();
        builder.Property(import => import.Options)
            .HasColumnType("jsonb")
            .HasConversion(options => options.ToJson(), json => ImportOptions.Parse(json));
        builder.Property(import => import.NewGroups)
            .HasColumnType("text[]")
            .HasConversion(names => names.ToArray(), names => names, new ValueComparer<IReadOnlyList<string>>(favorStructuralComparisons: false));
        builder.Ignore(import => import.IsActive);
    }

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<ImportFile> builder) => builder.ToTable("ImportFiles").HasKey(file => new { file.WorkspaceId, file.ImportId });

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<ImportRow> builder)
    {
        builder.ToTable("ImportRows").HasKey(row => new { row.WorkspaceId, row.ImportId, row.Line });
        builder.Property(row => row.Cells)
            .HasColumnType("text[]")
            .HasConversion(cells => cells.ToArray(), cells => cells, new ValueComparer<IReadOnlyList<string>>(favorStructuralComparisons: false));
    }
}
