using Contacts.Core;
using Contacts.Workspaces;
using Npgsql;
using static Contacts.Data.Parameters;

namespace Contacts.Data;

/// <summary>Workspaces and their tokens as every call and the background need them, read without EF Core. A test holds each column against its model.</summary>
internal static class WorkspaceRows
{
    private const int TokenAt = 24;

    private const string Columns =
        "w.id, w.name, w.name_key, w.country, w.timezone, w.date_style, w.profile, w.verify_ninth_digit, w.mexican_prefix, w.languages, w.is_anonymous, "
        + "w.standing, w.hourly_limit, w.minute_limit, w.field_limit, w.group_limit, w.allows_private_targets, w.recording, w.recorded_calls, w.recorded_days, "
        + "w.recorded_megabytes, w.created_on, w.clock_offset_seconds, w.reset_on";

    private const string ById = $"SELECT {Columns} FROM workspaces w WHERE w.id = $1";

    private const string ByNameKey = $"SELECT {Columns} FROM workspaces w WHERE w.name_key = $1";

    private const string Oldest = $"SELECT {Columns} FROM workspaces w ORDER BY w.id LIMIT 1";

    private const string Ids = "SELECT id FROM workspaces ORDER BY id";

    private const string ByTokenHash =
        $"""
        SELECT {Columns}, t.workspace_id, t.id, t.hash, t.name, t.role, t.dialect, t.created_on, t.revoked_on
        FROM api_tokens t JOIN workspaces w ON w.id = t.workspace_id WHERE t.hash = $1
        """;

    /// <summary>The ids of all workspaces, oldest first.</summary>
    public static Task<List<Guid>> IdsAsync(DatabaseWatch watch, CancellationToken cancellation) =>
        watch.ListAsync(Ids, [], row => row.GetGuid(0), cancellation);

    /// <summary>The workspace with an id, or null.</summary>
    public static Task<Workspace?> FindAsync(DatabaseWatch watch, Guid id, CancellationToken cancellation) =>
        OneAsync(watch, ById, [Uuid(id)], Read, cancellation);

    /// <summary>The workspace with a folded name, or null.</summary>
    public static Task<Workspace?> FindByNameAsync(DatabaseWatch watch, string nameKey, CancellationToken cancellation) =>
        OneAsync(watch, ByNameKey, [Text(nameKey)], Read, cancellation);

    /// <summary>The oldest workspace; null when there is none.</summary>
    public static Task<Workspace?> OldestAsync(DatabaseWatch watch, CancellationToken cancellation) => OneAsync(watch, Oldest, [], Read, cancellation);

    /// <summary>The token with a hash, revoked or not, and its workspace; null when there is none.</summary>
    public static Task<Caller?> HolderAsync(DatabaseWatch watch, byte[] hash, CancellationToken cancellation) =>
        OneAsync(watch, ByTokenHash, [Bytes(hash)], row => new Caller(Read(row), ReadToken(row)), cancellation);

    private static async Task<T?> OneAsync<T>(
        DatabaseWatch watch, string statement, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
        where T : class =>
        (await watch.ListAsync(statement, parameters, read, cancellation)).SingleOrDefault();

    private static Workspace Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Name = row.GetString(1),
        NameKey = row.GetString(2),
        Country = row.TextOrNull(3),
        Timezone = row.GetString(4),
        DateStyle = Enum.Parse<DateStyle>(row.GetString(5)),
        Profile = row.GetString(6),
        VerifyNinthDigit = row.GetBoolean(7),
        MexicanPrefix = row.GetBoolean(8),
        Languages = row.GetFieldValue<string[]>(9),
        IsAnonymous = row.GetBoolean(10),
        Standing = Enum.Parse<Standing>(row.GetString(11)),
        HourlyLimit = row.IntegerOrNull(12),
        MinuteLimit = row.IntegerOrNull(13),
        FieldLimit = row.GetInt32(14),
        GroupLimit = row.GetInt32(15),
        AllowsPrivateTargets = row.GetBoolean(16),
        Recording = Enum.Parse<Recording>(row.GetString(17)),
        RecordedCalls = row.GetInt32(18),
        RecordedDays = row.GetInt32(19),
        RecordedMegabytes = row.GetInt32(20),
        CreatedOn = row.GetDateTime(21),
        ClockOffsetSeconds = row.GetInt64(22),
        ResetOn = row.TimeOrNull(23),
    };

    private static ApiToken ReadToken(NpgsqlDataReader row) => new()
    {
        WorkspaceId = row.GetGuid(TokenAt),
        Id = row.GetGuid(TokenAt + 1),
        Hash = row.GetFieldValue<byte[]>(TokenAt + 2),
        Name = row.GetString(TokenAt + 3),
        Role = Enum.Parse<Role>(row.GetString(TokenAt + 4)),
        Dialect = row.GetString(TokenAt + 5),
        CreatedOn = row.GetDateTime(TokenAt + 6),
        RevokedOn = row.TimeOrNull(TokenAt + 7),
    };
}
