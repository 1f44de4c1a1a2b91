using Contacts.Console;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Contacts.Data.Configurations;

/// <summary>What the web interface keeps: small tables that are not distributed.</summary>
internal sealed class ConsoleConfiguration : IEntityTypeConfiguration<Session>, IEntityTypeConfiguration<FormKey>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<Session> builder) => builder.ToTable("ConsoleSessions").HasKey(session => session.Hash);

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<FormKey> builder) => builder.ToTable("ConsoleKeys").HasKey(key => key.Id);
}
