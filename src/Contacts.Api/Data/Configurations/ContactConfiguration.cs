using Contacts.Core;
using Contacts.Urns;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Contacts.Data.Configurations;

/// <summary>
/// Contacts are read through a view that brings each with its URNs and groups, and are written by the engine alone
/// (<see cref="ContactRows"/>): EF Core can't save one behind its back.
/// </summary>
internal sealed class ContactConfiguration : IEntityTypeConfiguration<Contact>, IEntityTypeConfiguration<ContactUrn>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<Contact> builder)
    {
        builder.ToView("contact_rows").HasKey(contact => new { contact.WorkspaceId, contact.Id });
        builder.Property(contact => contact.Status).HasColumnType("smallint");
        builder.Property(contact => contact.Fields)
            .HasColumnType("jsonb")
            .HasConversion(fields => fields.ToJson(), json => FieldValues.Parse(json));
        builder.Property(contact => contact.Urns)
            .HasColumnType("text[]")
            .HasConversion(
                urns => urns.Select(urn => urn.ToString()).ToArray(),
                texts => Array.ConvertAll(texts, text => Urn.FromStored(text)),
                new ValueComparer<IReadOnlyList<Urn>>(favorStructuralComparisons: false));
        builder.Property(contact => contact.GroupIds)
            .HasColumnType("uuid[]")
            .HasConversion(ids => ids.ToArray(), ids => ids, new ValueComparer<IReadOnlyList<Guid>>(favorStructuralComparisons: false));
        builder.Property(contact => contact.Tags)
            .HasColumnType("text[]")
            .HasConversion(tags => tags.ToArray(), tags => tags, new ValueComparer<IReadOnlyList<string>>(favorStructuralComparisons: false));
        builder.Property(contact => contact.Profile)
            .HasColumnType("jsonb")
            .HasConversion(profile => profile.ToJson(), json => ContactProfile.Parse(json));
        builder.Ignore(contact => contact.IsDeleted);
    }

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<ContactUrn> builder) =>
        builder.ToTable("ContactUrns").HasKey(urn => new { urn.WorkspaceId, urn.Identity });
}
