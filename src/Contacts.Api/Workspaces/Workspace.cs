using Contacts.Core;

namespace Contacts.Workspaces;

/// <summary>Whether a workspace may write.</summary>
public enum Standing
{
    /// <summary>It reads and writes.</summary>
    Good,

    /// <summary>It was suspended: it reads only.</summary>
    Suspended,

    /// <summary>It was flagged: it reads only.</summary>
    Flagged,
}

/// <summary>Which calls of a workspace are recorded.</summary>
public enum Recording
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those that were refused or failed: a status of 400 or more.</summary>
    Errors,

    /// <summary>None.</summary>
    Off,
}

/// <summary>One tenant: a book with its settings. Nothing of one workspace is ever visible in another.</summary>
public sealed class Workspace
{
    /// <summary>How many fields, and how many groups, a workspace may have unless it says otherwise.</summary>
    public const int DefaultLimit = 250;

    /// <summary>How many requests a minute a token may make unless its workspace says otherwise.</summary>
    public const int DefaultMinuteLimit = 100;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Whose answers a workspace may give, the usual one first.</summary>
    public static readonly IReadOnlyList<string> Profiles = ["weni", "rapidpro"];

    /// <summary>The public uuid.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name, unique on this installation in any case.</summary>
    public required string Name { get; set; }

    /// <summary>The name folded by <see cref="Core.NameKey"/>.</summary>
    public required string NameKey { get; set; }

    /// <summary>ISO 3166-1 alpha-2 in upper case; national phone numbers are read with it. Null when unknown.</summary>
    public string? Country { get; set; }

    /// <summary>The IANA time zone that times without an offset are in.</summary>
    public string Timezone { get; set; } = "UTC";

    /// <summary>How dates in local forms are read.</summary>
    public DateStyle DateStyle { get; set; }

    /// <summary>Which edition of a dialect's answers the workspace's clients expect; the dialects know the names.</summary>
    public string Profile { get; set; } = Profiles[0];

    /// <summary>Whether Brazilian WhatsApp numbers are one person's with and without the ninth digit.</summary>
    public bool VerifyNinthDigit { get; set; } = true;

    /// <summary>Whether Mexican numbers are one person's with and without the 1 after the country's code. At first, whether the country is Mexico.</summary>
    public bool MexicanPrefix { get; set; }

    /// <summary>The languages that people are addressed in, ISO 639-3, the primary one first.</summary>
    public IReadOnlyList<string> Languages { get; set; } = [];

    /// <summary>Whether addresses are hidden from readers.</summary>
    public bool IsAnonymous { get; set; }

    /// <summary>Whether it may write.</summary>
    public Standing Standing { get; set; }

    /// <summary>How many requests an hour each token may make per scope; null for any number.</summary>
    public int? HourlyLimit { get; set; }

    /// <summary>How many requests a minute each token may make per scope, in dialects that count by the minute; null for any number.</summary>
    public int? MinuteLimit { get; set; } = DefaultMinuteLimit;

    /// <summary>How many fields there may be.</summary>
    public int FieldLimit { get; set; } = DefaultLimit;

    /// <summary>How many groups there may be.</summary>
    public int GroupLimit { get; set; } = DefaultLimit;

    /// <summary>Whether webhooks may go to private, loopback and link-local addresses.</summary>
    public bool AllowsPrivateTargets { get; set; }

    /// <summary>Which calls are recorded.</summary>
    public Recording Recording { get; set; }

    /// <summary>How many recorded calls are kept, about.</summary>
    public int RecordedCalls { get; set; } = 100_000;

    /// <summary>For how many days recorded calls are kept, and the counts of all calls.</summary>
    public int RecordedDays { get; set; } = 7;

    /// <summary>How many megabytes of recorded calls are kept, about.</summary>
    public int RecordedMegabytes { get; set; } = 200;

    /// <summary>When the workspace was made.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>How far the workspace's own clock is ahead, in seconds: see <see cref="WorkspaceClock"/>. Not a setting.</summary>
    public long ClockOffsetSeconds { get; init; }

    /// <summary>How far the workspace's own clock is ahead.</summary>
    public TimeSpan ClockOffset => TimeSpan.FromSeconds(ClockOffsetSeconds);

    /// <summary>When the workspace was last emptied, or null. What was counted before does not count any more.</summary>
    public DateTime? ResetOn { get; init; }

    /// <summary>The time zone as rules; UTC when this machine does not know the name.</summary>
    public TimeZoneInfo Zone => TimeZoneInfo.TryFindSystemTimeZoneById(Timezone, out var zone) ? zone : TimeZoneInfo.Utc;
}
