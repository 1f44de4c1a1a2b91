namespace Contacts.Calls;

/// <summary>What has to be known of a recorded call to read it.</summary>
[Flags]
public enum CallFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Only the beginning of the body was kept.</summary>
    BodyCut = 1,

    /// <summary>Only the beginning of the answer was kept.</summary>
    AnswerCut = 2,

    /// <summary>The body is no text; it is kept in base64.</summary>
    BodyInBase64 = 4,

    /// <summary>The answer is no text; it is kept in base64.</summary>
    AnswerInBase64 = 8,

    /// <summary>The body was a form, and is written as the pairs that were read from it.</summary>
    BodyIsForm = 16,

    /// <summary>A fault that somebody asked for was injected.</summary>
    Fault = 32,

    /// <summary>The answer is the one that the same call got before, by its idempotency key.</summary>
    Replayed = 64,

    /// <summary>There was a body, and it was not kept: it may hold secrets, nobody knows whose it is, or see <see cref="Anonymous"/>.</summary>
    BodyHidden = 128,

    /// <summary>There was an answer, and it was not kept: it may hold secrets, or see <see cref="Anonymous"/>.</summary>
    AnswerHidden = 256,

    /// <summary>The workspace hid addresses when the call came: neither query nor body nor answer was kept.</summary>
    Anonymous = 512,
}

/// <summary>A call as it came and was answered, with its secrets masked.</summary>
public sealed class RecordedCall
{
    /// <summary>The workspace: that of the token, also of a revoked one, or the installation's oldest when the token is unknown.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The call's id: begins with the time at which it came.</summary>
    public required Guid Id { get; init; }

    /// <summary>The token; null when there was none, or an unknown one.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>The token's name.</summary>
    public string? TokenName { get; init; }

    /// <summary>Whose API was called.</summary>
    public required string Dialect { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The path, escaped.</summary>
    public required string Path { get; init; }

    /// <summary>The query with its question mark, or null.</summary>
    public string? Query { get; init; }

    /// <summary>The status of the answer; 499 when the client did not wait for it.</summary>
    public required int Status { get; init; }

    /// <summary>How long it took, in microseconds.</summary>
    public required long DurationUs { get; init; }

    /// <summary>The contact that it touched, when it is exactly one.</summary>
    public Guid? ContactId { get; init; }

    /// <summary>The address that it came from.</summary>
    public string? Address { get; init; }

    /// <summary>The id that log lines and the answer carry.</summary>
    public required string RequestId { get; init; }

    /// <summary>What has to be known to read it.</summary>
    public required CallFlags Flags { get; init; }

    /// <summary>What the row weighs, in bytes, about.</summary>
    public required int Size { get; init; }

    /// <summary>The length of the body as it was sent, in bytes.</summary>
    public required long BodySize { get; init; }

    /// <summary>The length of the answer's body, in bytes.</summary>
    public required long AnswerSize { get; init; }

    /// <summary>The headers: a JSON object of texts.</summary>
    public required string RequestHeaders { get; init; }

    /// <summary>The body, or null.</summary>
    public string? Body { get; init; }

    /// <summary>The answer's headers: a JSON object of texts.</summary>
    public required string AnswerHeaders { get; init; }

    /// <summary>The answer's body, or null.</summary>
    public string? AnswerBody { get; init; }

    /// <summary>What the call was understood to want of contacts: a JSON array, or null.</summary>
    public string? Understood { get; init; }

    /// <summary>What changed, attribute by attribute: a JSON array, or null.</summary>
    public string? Changes { get; init; }
}

/// <summary>One of several contacts that a recorded call touched.</summary>
public sealed class RecordedContact
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The contact.</summary>
    public required Guid ContactId { get; init; }

    /// <summary>The call.</summary>
    public required Guid CallId { get; init; }
}

/// <summary>The calls of a minute that one server answered with statuses of one class.</summary>
public sealed class CallMinute
{
    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>When the minute began.</summary>
    public required DateTime Minute { get; init; }

    /// <summary>The server.</summary>
    public required Guid ServerId { get; init; }

    /// <summary>The class of the status: 2 for 200 to 299.</summary>
    public required short StatusClass { get; init; }

    /// <summary>How many calls.</summary>
    public required int Count { get; init; }

    /// <summary>How many of them should have been recorded and were not: there were too many at once.</summary>
    public required int LeftOut { get; init; }

    /// <summary>How many were recorded.</summary>
    public required int Kept { get; init; }

    /// <summary>What those weigh, in bytes.</summary>
    public required long KeptBytes { get; init; }

    /// <summary>How many contacts they made.</summary>
    public required int ContactsCreated { get; init; }

    /// <summary>How many contacts they deleted.</summary>
    public required int ContactsDeleted { get; init; }

    /// <summary>How many calls took how long: see <see cref="Latencies"/>.</summary>
    public required int[] Histogram { get; init; }
}
