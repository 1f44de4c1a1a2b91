using System.Buffers;
using Contacts.Core;
using Contacts.Urns;
using Npgsql;

namespace Contacts.Data;

/// <summary>One row of the view that brings a contact with its URNs and groups, read without EF Core, which takes twice the memory for it.</summary>
internal static class ContactRow
{
    /// <summary>The beginning of a statement whose rows <see cref="Read"/> reads.</summary>
    public const string Select =
        "SELECT id, name, language, status, fields::text, created_on, modified_on, last_seen_on, deleted_on, urns, group_ids, "
        + "nullif(tags, '{}'), nullif(profile, '{}'), stage_id FROM contact_rows";

    /// <summary>Reads the current row.</summary>
    /// <param name="row">The rows, standing on one.</param>
    /// <param name="workspaceId">The workspace.</param>
    public static Contact Read(NpgsqlDataReader row, Guid workspaceId) => new()
    {
        WorkspaceId = workspaceId,
        Id = row.GetGuid(0),
        Name = row.IsDBNull(1) ? null : row.GetString(1),
        Language = row.IsDBNull(2) ? null : row.GetString(2),
        Status = (ContactStatus)row.GetInt16(3),
        Fields = ReadFields(row, 4),
        CreatedOn = row.GetDateTime(5),
        ModifiedOn = row.GetDateTime(6),
        LastSeenOn = row.IsDBNull(7) ? null : row.GetDateTime(7),
        DeletedOn = row.IsDBNull(8) ? null : row.GetDateTime(8),
        Urns = Array.ConvertAll(row.GetFieldValue<string[]>(9), text => Urn.FromStored(text)),
        GroupIds = row.GetFieldValue<Guid[]>(10),
        Tags = row.IsDBNull(11) ? [] : row.GetFieldValue<string[]>(11),
        Profile = row.IsDBNull(12) ? ContactProfile.Empty : ContactProfile.Parse(row.GetFieldValue<byte[]>(12)),
        StageId = row.IsDBNull(13) ? null : row.GetGuid(13),
    };

    /// <summary>Reads field values out of a borrowed buffer. As text: of its own binary form, which has a byte more, Npgsql would make an array for each row.</summary>
    private static FieldValues ReadFields(NpgsqlDataReader row, int ordinal)
    {
        var length = (int)row.GetBytes(ordinal, 0, null, 0, 0);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            row.GetBytes(ordinal, 0, buffer, 0, length);
            return FieldValues.Parse(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
