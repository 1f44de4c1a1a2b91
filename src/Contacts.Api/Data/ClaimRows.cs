using Contacts.Workspaces;
using Npgsql;

namespace Contacts.Data;

/// <summary>The statements by which the write engine holds the claims of its changes, and notes what came of them. See <see cref="Claim"/>.</summary>
internal static class ClaimRows
{
    private const string LockClaims = "SELECT id FROM idempotent_calls WHERE workspace_id = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE";

    // A call that writes more than once has done several things, whatever each of them was.
    private const string UseClaims =
        """
        UPDATE idempotent_calls c
        SET effect = CASE WHEN c.effect IS NULL THEN r.effect ELSE 0 END, subject = CASE WHEN c.effect IS NULL THEN r.subject END
        FROM unnest($2::uuid[], $3::smallint[], $4::text[]) AS r (id, effect, subject)
        WHERE c.workspace_id = $1 AND c.id = r.id
        """;

    /// <summary>
    /// Holds claims until the transaction ends, and answers those that are still good. Nobody takes a call over meanwhile: what is locked is
    /// passed over.
    /// </summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="ids">The claims.</param>
    public static NpgsqlBatchCommand Lock(Guid workspaceId, HashSet<Guid> ids) => new(LockClaims)
    {
        Parameters = { new NpgsqlParameter<Guid> { TypedValue = workspaceId }, new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] } },
    };

    /// <summary>Notes what was done under claims that are held.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="used">By claim: what was done, and to which contact when it is one.</param>
    public static NpgsqlBatchCommand Use(Guid workspaceId, Dictionary<Guid, (CallEffect Effect, Guid? ContactId)> used) => new(UseClaims)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid> { TypedValue = workspaceId },
            new NpgsqlParameter<Guid[]> { TypedValue = [.. used.Keys] },
            new NpgsqlParameter<short[]> { TypedValue = [.. used.Values.Select(use => (short)use.Effect)] },
            new NpgsqlParameter<string?[]> { TypedValue = [.. used.Values.Select(use => use.ContactId?.ToString())] },
        },
    };
}
