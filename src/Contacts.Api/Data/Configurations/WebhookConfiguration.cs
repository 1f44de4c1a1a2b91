using Contacts.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Contacts.Data.Configurations;

/// <summary>Webhooks, what is still to be sent to them, and the log of what was.</summary>
internal sealed class WebhookConfiguration :
    IEntityTypeConfiguration<Webhook>, IEntityTypeConfiguration<OutboxRow>, IEntityTypeConfiguration<WebhookDelivery>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<Webhook> builder)
    {
        builder.ToTable("Webhooks").HasKey(webhook => new { webhook.WorkspaceId, webhook.Id });
        builder.Property(webhook => webhook.Events)
            .HasColumnType("text[]")
            .HasConversion(names => names.ToArray(), names => names, new ValueComparer<IReadOnlyList<string>>(favorStructuralComparisons: false));
        builder.Property(webhook => webhook.SignatureEncoding).HasConversion<string>();
    }

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<OutboxRow> builder)
    {
        builder.ToTable("WebhookOutbox").HasKey(row => new { row.WorkspaceId, row.WebhookId, row.Id });
        builder.Property(row => row.Event).HasColumnType("jsonb");
    }

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("WebhookDeliveries").HasKey(row => new { row.WorkspaceId, row.Id });
        builder.Property(row => row.Event).HasColumnType("jsonb");
    }
}
