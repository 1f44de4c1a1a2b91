using System.Text;
using Contacts.Core;
using Npgsql;
using NpgsqlTypes;

namespace Contacts.Data;

/// <summary>
/// The statements by which the write engine writes contacts with their tags, profiles and stages. Most batches change none of these and leave the
/// columns out: see <see cref="ContactRows"/>.
/// </summary>
internal static class AttributeRows
{
    /// <summary>Contacts that are made; <see cref="Columns"/> follow the usual parameters.</summary>
    public const string Insert =
        """
        INSERT INTO contacts (workspace_id, id, name, language, status, fields, created_on, modified_on, last_seen_on, deleted_on, tags, profile, stage_id)
        SELECT $1, r.id, r.name, r.language, r.status, r.fields, r.created_on, r.modified_on, r.last_seen_on, r.deleted_on, r.tags::text[], r.profile, r.stage_id
        FROM unnest($2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::jsonb[],
          $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::text[], $12::jsonb[], $13::uuid[])
          AS r (id, name, language, status, fields, created_on, modified_on, last_seen_on, deleted_on, tags, profile, stage_id)
        """;

    /// <summary>Contacts that changed; <see cref="Columns"/> follow the usual parameters.</summary>
    public const string Update =
        """
        UPDATE contacts c
        SET name = r.name, language = r.language, status = r.status, fields = r.fields,
          modified_on = r.modified_on, last_seen_on = r.last_seen_on, deleted_on = r.deleted_on,
          tags = r.tags::text[], profile = r.profile, stage_id = r.stage_id
        FROM unnest($2::uuid[], $3::text[], $4::text[], $5::smallint[], $6::jsonb[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[],
          $10::text[], $11::jsonb[], $12::uuid[])
          AS r (id, name, language, status, fields, modified_on, last_seen_on, deleted_on, tags, profile, stage_id)
        WHERE c.workspace_id = $1 AND c.id = r.id
        """;

    /// <summary>The columns as parameters. Lists of lists can't be one: each contact's tags go as PostgreSQL writes an array.</summary>
    /// <param name="contacts">The contacts.</param>
    public static NpgsqlParameter[] Columns(List<Contact> contacts) =>
    [
        new NpgsqlParameter<string[]> { TypedValue = [.. contacts.Select(contact => ArrayOf(contact.Tags))] },
        new NpgsqlParameter<string[]>
        {
            TypedValue = [.. contacts.Select(contact => contact.Profile.ToJson())], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
        },
        new NpgsqlParameter<Guid?[]> { TypedValue = [.. contacts.Select(contact => contact.StageId)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
    ];

    private static string ArrayOf(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return "{}";
        var array = new StringBuilder("{");
        foreach (var text in texts)
        {
            array.Append(array.Length == 1 ? "\"" : ",\"")
                .Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))
                .Append('"');
        }

        return array.Append('}').ToString();
    }
}
