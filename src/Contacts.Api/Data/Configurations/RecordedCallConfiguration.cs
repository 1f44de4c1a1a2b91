using Contacts.Calls;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Contacts.Data.Configurations;

/// <summary>Calls that were recorded, their contacts, and the count of all calls.</summary>
internal sealed class RecordedCallConfiguration :
    IEntityTypeConfiguration<RecordedCall>, IEntityTypeConfiguration<RecordedContact>, IEntityTypeConfiguration<CallMinute>
{
    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<RecordedCall> builder) =>
        builder.ToTable("RequestLog").HasKey(call => new { call.WorkspaceId, call.Id });

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<RecordedContact> builder) =>
        builder.ToTable("RequestLogContacts").HasKey(contact => new { contact.WorkspaceId, contact.ContactId, contact.CallId });

    /// <inheritdoc />
    public void Configure(EntityTypeBuilder<CallMinute> builder) =>
        builder.ToTable("CallMinutes").HasKey(minute => new { minute.WorkspaceId, minute.Minute, minute.ServerId, minute.StatusClass });
}
