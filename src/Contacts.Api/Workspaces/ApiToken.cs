using System.Security.Cryptography;
using System.Text;
using Contacts.Core;

namespace Contacts.Workspaces;

/// <summary>What a token may do.</summary>
public enum Role
{
    /// <summary>Everything.</summary>
    Administrator,

    /// <summary>Reads and writes.</summary>
    Editor,

    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Contacts, fields and groups only.</summary>
    Surveyor,
}

/// <summary>A key to one workspace. Only its hash is kept: the key itself is shown once, when it is made.</summary>
public sealed class ApiToken
{
    /// <summary>The length of a key, in hexadecimal digits: 160 random bits.</summary>
    public const int KeyLength = 40;

    /// <summary>What a key begins with, by the dialect whose API it opens; the usual one first.</summary>
    public static readonly IReadOnlyList<(string Dialect, string Prefix)> Prefixes = [("weni", string.Empty), ("whaapy", "wha_")];

    /// <summary>The workspace it opens.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The token's own id, to revoke it by.</summary>
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the key. The key has 160 random bits, so a slow hash would protect nothing more.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    public required Role Role { get; init; }

    /// <summary>The dialect whose API it opens; the other dialects refuse it.</summary>
    public required string Dialect { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>When it was revoked, or null while it works.</summary>
    public DateTime? RevokedOn { get; set; }

    /// <summary>A token for a key.</summary>
    /// <param name="workspaceId">The workspace that it opens.</param>
    /// <param name="key">The key, of which the hash is kept.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="now">The time.</param>
    public static ApiToken Of(Guid workspaceId, string key, Role role, string name, DateTime now) => new()
    {
        WorkspaceId = workspaceId,
        Id = RowId.At(now),
        Hash = HashOf(key),
        Name = name,
        Role = role,
        Dialect = DialectOf(key),
        CreatedOn = now,
    };

    /// <summary>A new random key: the dialect's prefix and 40 lower-case hexadecimal digits.</summary>
    /// <param name="dialect">The dialect, or null for the usual one.</param>
    public static string NewKey(string? dialect = null) =>
        (dialect is null ? string.Empty : Prefixes.First(kind => kind.Dialect == dialect).Prefix) + RandomNumberGenerator.GetHexString(KeyLength, lowercase: true);

    /// <summary>The dialect whose API a key opens, told by its beginning.</summary>
    /// <param name="key">The key.</param>
    public static string DialectOf(string key) => Prefixes.Last(kind => key.StartsWith(kind.Prefix, StringComparison.Ordinal)).Dialect;

    /// <summary>The hash that a key is kept as.</summary>
    /// <param name="key">The key.</param>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
