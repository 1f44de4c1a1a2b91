using System.IO.Enumeration;

namespace Contacts.TestBench;

/// <summary>What a fault does.</summary>
public enum FaultEffect
{
    /// <summary>The call is answered with a status, in the words of the API that was called, and not carried out.</summary>
    Status,

    /// <summary>The call waits before it is carried out.</summary>
    Latency,

    /// <summary>The connection is cut and the call not carried out.</summary>
    CutBefore,

    /// <summary>The call is carried out, then the connection is cut in place of the answer.</summary>
    CutAfter,

    /// <summary>The answer's body comes slowly.</summary>
    SlowBody,

    /// <summary>An event is sent to a webhook twice, under the same ids.</summary>
    DuplicateDeliveries,

    /// <summary>The events of a contact that come shortly after each other are sent to a webhook in reverse order.</summary>
    ReverseDeliveries,
}

/// <summary>Something that goes wrong on request: for calls, or for deliveries of webhooks. It always has an end.</summary>
public sealed class Fault
{
    /// <summary>How many of a workspace may be active.</summary>
    public const int MaxCount = 50;

    /// <summary>The longest pattern of paths, in characters.</summary>
    public const int MaxPathLength = 200;

    /// <summary>How long one is active unless it says otherwise.</summary>
    public static readonly TimeSpan DefaultDuration = TimeSpan.FromMinutes(10);

    /// <summary>How long one may be active at most.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(1);

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Its id; calls that it hits carry it.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it does.</summary>
    public required FaultEffect Effect { get; init; }

    /// <summary>The paths that it hits, in any letter case: those that begin with this, or match it when it has a <c>*</c>, any run of characters, or a <c>?</c>, any one.</summary>
    public required string Path { get; init; }

    /// <summary>The method that it hits, in upper case; null for any.</summary>
    public string? Method { get; init; }

    /// <summary>How many in a hundred it hits, by chance: 1 to 100.</summary>
    public required int Share { get; init; }

    /// <summary>The status to answer with, 400 to 599.</summary>
    public int? Status { get; init; }

    /// <summary>After how many seconds the answer says to try again, or null.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>How long to wait, in milliseconds.</summary>
    public int? LatencyMs { get; init; }

    /// <summary>By how much the wait is longer or shorter by chance, in milliseconds.</summary>
    public int? JitterMs { get; init; }

    /// <summary>How fast the body comes.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>How many it hits at most, on all servers together; null for any number until its end.</summary>
    public int? Times { get; init; }

    /// <summary>How many of <see cref="Times"/> it has hit; stays 0 without.</summary>
    public int Used { get; init; }

    /// <summary>The name of the token that asked for it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTime CreatedOn { get; init; }

    /// <summary>When it ends, by the machine's clock.</summary>
    public required DateTime EndsOn { get; init; }

    /// <summary>Whether it is about deliveries of webhooks, and not about calls.</summary>
    public bool IsOfDeliveries => Effect is FaultEffect.DuplicateDeliveries or FaultEffect.ReverseDeliveries;

    /// <summary>Whether it is about a call.</summary>
    /// <param name="method">The call's method.</param>
    /// <param name="path">The call's path, without the query.</param>
    public bool Matches(string method, string path) =>
        !IsOfDeliveries && (Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && (Path.AsSpan().ContainsAny('*', '?')
            ? FileSystemName.MatchesSimpleExpression(Path, path, ignoreCase: true)
            : path.StartsWith(Path, StringComparison.OrdinalIgnoreCase));

    /// <summary>How long a call is to wait.</summary>
    /// <param name="chance">From 0 to 1.</param>
    public TimeSpan LatencyAt(double chance) => TimeSpan.FromMilliseconds(Math.Max(0, (LatencyMs ?? 0) + ((JitterMs ?? 0) * ((2 * chance) - 1))));
}
