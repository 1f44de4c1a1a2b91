using System.Text.Json;
using System.Text.Json.Serialization;
using Contacts.Calls;
using Contacts.Core;

namespace Contacts.Management;

/// <summary>A recorded call.</summary>
/// <param name="Uuid">Its id.</param>
/// <param name="Time">When it came, UTC.</param>
/// <param name="Token">The token that called; null when nobody knows it.</param>
/// <param name="Dialect">Whose API was called: <c>weni</c>, <c>whaapy</c>, <c>management</c> or <c>console</c>.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path.</param>
/// <param name="Query">The query with its question mark, or null.</param>
/// <param name="Status">The status of the answer; 499 when the client did not wait for it.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Contact">The contact that it touched, when it is exactly one.</param>
/// <param name="RequestId">The id that the answer carries as <c>X-Request-Id</c>.</param>
/// <param name="Fault">Whether a fault that somebody asked for was injected.</param>
/// <param name="Replayed">Whether the answer is the one that the same call got before, by its idempotency key.</param>
public sealed record CallRead(
    Guid Uuid,
    DateTime Time,
    CallToken? Token,
    string Dialect,
    string Method,
    string Path,
    string? Query,
    int Status,
    double DurationMs,
    Guid? Contact,
    string RequestId,
    bool Fault,
    bool Replayed)
{
    /// <summary>The address that it came from. In the answer to reading one call only, as are the following.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Address { get; init; }

    /// <summary>What was sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallPart? Request { get; init; }

    /// <summary>What was answered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallPart? Answer { get; init; }

    /// <summary>What the call was understood to want of contacts, in the book's own words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Understood { get; init; }

    /// <summary>What changed: each object with its attributes before and after, at most 100.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Changes { get; init; }

    /// <summary>Why it was refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CallReasonRead>? Why { get; init; }

    /// <summary>A call as lists show it.</summary>
    /// <param name="call">The call.</param>
    public static CallRead Of(CallSummary call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new CallRead(
            call.Id,
            RowId.TimeOf(call.Id),
            CallToken.Of(call.TokenId, call.TokenName),
            call.Dialect,
            call.Method,
            call.Path,
            call.Query,
            call.Status,
            call.DurationUs / 1000.0,
            call.ContactId,
            call.RequestId,
            call.Flags.HasFlag(CallFlags.Fault),
            call.Flags.HasFlag(CallFlags.Replayed));
    }

    /// <summary>A call with everything that is kept of it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="rules">Explains refusals.</param>
    public static CallRead Of(RecordedCall call, CallRules rules)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(rules);
        var summary = new CallSummary(
            call.Id, call.TokenId, call.TokenName, call.Dialect, call.Method, call.Path, call.Query, call.Status, call.DurationUs, call.ContactId, call.RequestId, call.Flags);
        return Of(summary) with
        {
            Address = call.Address,
            Request = new CallPart(Json(call.RequestHeaders)!.Value, call.Body, call.BodySize)
            {
                Truncated = call.Flags.HasFlag(CallFlags.BodyCut),
                Base64 = call.Flags.HasFlag(CallFlags.BodyInBase64),
                Form = call.Flags.HasFlag(CallFlags.BodyIsForm),
                Hidden = call.Flags.HasFlag(CallFlags.BodyHidden),
            },
            Answer = new CallPart(Json(call.AnswerHeaders)!.Value, call.AnswerBody, call.AnswerSize)
            {
                Truncated = call.Flags.HasFlag(CallFlags.AnswerCut),
                Base64 = call.Flags.HasFlag(CallFlags.AnswerInBase64),
                Hidden = call.Flags.HasFlag(CallFlags.AnswerHidden),
            },
            Understood = Json(call.Understood),
            Changes = Json(call.Changes),
            Why = [.. rules.Explain(call.Dialect, call.Status, call.AnswerBody).Select(CallReasonRead.Of)],
        };
    }

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}

/// <summary>The token of a call.</summary>
/// <param name="Uuid">Its id.</param>
/// <param name="Name">Its name.</param>
public sealed record CallToken(Guid Uuid, string Name)
{
    /// <summary>The token that a row names; null when it names none.</summary>
    /// <param name="id">Its id, or null.</param>
    /// <param name="name">Its name at that time.</param>
    public static CallToken? Of(Guid? id, string? name) => id is { } token ? new CallToken(token, name ?? string.Empty) : null;
}

/// <summary>What was sent, or answered. Secrets are masked.</summary>
/// <param name="Headers">The headers by name.</param>
/// <param name="Body">The body, or null.</param>
/// <param name="Size">Its length as it was on the wire, in bytes.</param>
public sealed record CallPart(JsonElement Headers, string? Body, long Size)
{
    /// <summary>Whether only the beginning of the body was kept, 64 KiB.</summary>
    public bool Truncated { get; init; }

    /// <summary>Whether the body, which is no text, stands here in base64.</summary>
    public bool Base64 { get; init; }

    /// <summary>Whether the body was a form and is written here as the pairs that were read from it.</summary>
    public bool Form { get; init; }

    /// <summary>Whether there was a body that was not kept: secrets in it could not be told from the rest, nobody knows whose it is, or the workspace hides addresses.</summary>
    public bool Hidden { get; init; }
}

/// <summary>Why a call was refused.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Text">The text of the answer that it is about.</param>
/// <param name="Why">Why, in one sentence.</param>
/// <param name="Next">What to do about it.</param>
/// <param name="Contract">Where the contract has it.</param>
public sealed record CallReasonRead(string Rule, string Text, string Why, string Next, string Contract)
{
    /// <summary>A reason as callers see it.</summary>
    /// <param name="reason">The reason.</param>
    public static CallReasonRead Of(CallReason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new CallReasonRead(reason.Rule.Key, reason.Text, reason.Rule.Why, reason.Rule.Next, reason.Link);
    }
}

/// <summary>All calls of one minute, recorded or not.</summary>
/// <param name="Minute">When it began, UTC.</param>
/// <param name="Calls">How many there were.</param>
/// <param name="Statuses">How many by class of status: <c>{"2xx":10}</c>.</param>
/// <param name="LeftOut">How many should have been recorded and were not: there were too many at once.</param>
/// <param name="ContactsCreated">How many contacts they made.</param>
/// <param name="ContactsDeleted">How many contacts they deleted.</param>
/// <param name="P50Ms">How long half of them took at most, in milliseconds; percentiles are told to about a fifth.</param>
/// <param name="P95Ms">How long 95 of 100 took at most.</param>
/// <param name="P99Ms">How long 99 of 100 took at most.</param>
public sealed record CallMinuteRead(
    DateTime Minute,
    int Calls,
    IReadOnlyDictionary<string, int> Statuses,
    int LeftOut,
    int ContactsCreated,
    int ContactsDeleted,
    double? P50Ms,
    double? P95Ms,
    double? P99Ms)
{
    /// <summary>The minutes of rows, which may be several servers'.</summary>
    /// <param name="rows">The rows.</param>
    public static IEnumerable<CallMinuteRead> Of(IEnumerable<CallMinute> rows) => rows.GroupBy(row => row.Minute).OrderBy(minute => minute.Key).Select(Of);

    private static CallMinuteRead Of(IGrouping<DateTime, CallMinute> minute)
    {
        var histogram = new int[Latencies.Buckets];
        foreach (var row in minute)
        {
            for (var i = 0; i < histogram.Length; i++)
                histogram[i] += row.Histogram[i];
        }

        return new CallMinuteRead(
            minute.Key,
            minute.Sum(row => row.Count),
            minute.GroupBy(row => row.StatusClass).OrderBy(same => same.Key).ToDictionary(same => $"{same.Key}xx", same => same.Sum(row => row.Count), StringComparer.Ordinal),
            minute.Sum(row => row.LeftOut),
            minute.Sum(row => row.ContactsCreated),
            minute.Sum(row => row.ContactsDeleted),
            Latencies.Percentile(histogram, 0.5),
            Latencies.Percentile(histogram, 0.95),
            Latencies.Percentile(histogram, 0.99));
    }
}
