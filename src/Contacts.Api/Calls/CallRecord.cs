using System.Buffers;
using System.Net;
using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Contacts.Calls;

/// <summary>What becomes of a call's record.</summary>
internal enum CallFate
{
    /// <summary>Nobody asked yet.</summary>
    Undecided,

    /// <summary>It is written.</summary>
    Kept,

    /// <summary>It should be written, but there are too many.</summary>
    LeftOut,

    /// <summary>The workspace does not want it.</summary>
    NotWanted,
}

/// <summary>
/// A call on its way through the server: a feature of it, by which the parts that hold its body and answer anyway hand them over. Nothing is
/// formatted or copied here that is not to be kept; the row is made later, by <see cref="CallWriter"/>.
/// </summary>
public sealed class CallRecord
{
    /// <summary>The name under which calls of the management API are recorded.</summary>
    public const string Management = "management";

    /// <summary>The name under which changes made in the console are recorded.</summary>
    public const string Console = "console";

    /// <summary>The header that tells of an injected fault.</summary>
    public const string FaultHeader = "X-Contacts-Fault";

    /// <summary>How much of a body, and of an answer, is kept, in bytes.</summary>
    public const int MaxBody = 64 * 1024;

    // What a call without bodies weighs in memory, about, and a contact before and after.
    private const int Frame = 2_000;
    private const int Step = 3_000;

    private readonly CallMeter _meter;
    private ReadOnlyMemory<byte> _body;
    private MemoryStream? _bodyParts;

    // Borrowed: an answer waits longer than what a call leaves behind, and thrown away it would stay until the oldest generation is collected.
    private byte[] _answer = [];
    private int _answerLength;
    private int _journalWeight;

    internal CallRecord(CallMeter meter, long startedAt, DateTime startedOn, ChangeJournal? journal) =>
        (_meter, StartedAt, StartedOn, Journal) = (meter, startedAt, startedOn, journal);

    /// <summary>Whose API was called; null when nobody said so: such a call is not recorded.</summary>
    public string? Dialect { get; private set; }

    /// <summary>Whether attributes of the bodies may be secrets, so that they are masked by their names.</summary>
    public bool HasSecrets { get; private set; }

    internal long StartedAt { get; }

    internal DateTime StartedOn { get; }

    internal ChangeJournal? Journal { get; }

    internal CallFate Fate { get; set; }

    internal Caller? Caller { get; private set; }

    private Caller? Former { get; set; }

    internal TimeSpan Duration { get; set; }

    internal int Status { get; set; }

    internal string Method { get; private set; } = string.Empty;

    internal PathString Path { get; private set; }

    internal string? Query { get; private set; }

    internal IPAddress? Address { get; private set; }

    internal string RequestId { get; private set; } = string.Empty;

    internal KeyValuePair<string, StringValues>[] RequestHeaders { get; private set; } = [];

    internal KeyValuePair<string, StringValues>[] AnswerHeaders { get; private set; } = [];

    internal ReadOnlyMemory<byte> Body => _bodyParts is null ? _body : _bodyParts.GetBuffer().AsMemory(0, (int)_bodyParts.Length);

    internal long BodySize { get; private set; }

    internal IFormCollection? Form { get; private set; }

    internal ReadOnlyMemory<byte> Answer => _answer.AsMemory(0, _answerLength);

    internal long AnswerSize { get; private set; }

    /// <summary>What it weighs while it waits, in bytes, about.</summary>
    internal int Weight => Frame + Body.Length + _answer.Length + _journalWeight;

    /// <summary>The record of a call; null when the server records none.</summary>
    /// <param name="context">The call.</param>
    public static CallRecord? Of(HttpContext context) => context.Features.Get<CallRecord>();

    /// <summary>Says whose API is called, so that the call is recorded.</summary>
    /// <param name="dialect">The dialect's name.</param>
    /// <param name="hasSecrets">Whether attributes of the bodies may be secrets.</param>
    public void BelongTo(string dialect, bool hasSecrets = false) => (Dialect, HasSecrets) = (dialect, hasSecrets);

    /// <summary>Says whose key it came with, though that is revoked and opens nothing.</summary>
    /// <param name="former">Who it was.</param>
    public void ComeFrom(Caller former) => Former = former;

    /// <summary>Says that the call is not to be recorded after all.</summary>
    public void Leave() => Dialect = null;

    /// <summary>Hands over the body as it came. It must not change any more.</summary>
    /// <param name="body">The body.</param>
    public void TakeBody(byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        (_body, BodySize) = (body, body.Length);
    }

    /// <summary>Hands over the next part of a body that comes in parts; only the beginning is kept.</summary>
    /// <param name="part">The part.</param>
    public void AddToBody(ReadOnlySpan<byte> part)
    {
        BodySize += part.Length;
        _bodyParts ??= new MemoryStream();
        _bodyParts.Write(part[..(int)Math.Min(part.Length, MaxBody + 1 - _bodyParts.Length)]);
    }

    /// <summary>Hands over the whole answer, which is copied when the call is to be kept.</summary>
    /// <param name="context">The call.</param>
    /// <param name="status">The status.</param>
    /// <param name="body">The body.</param>
    public void TakeAnswer(HttpContext context, int status, ReadOnlySpan<byte> body)
    {
        _answerLength = 0;
        AnswerSize = 0;
        AddToAnswer(context, status, body);
    }

    /// <summary>Hands over the next part of an answer, of which only the beginning is kept.</summary>
    /// <param name="context">The call.</param>
    /// <param name="status">The status.</param>
    /// <param name="part">The part.</param>
    public void AddToAnswer(HttpContext context, int status, ReadOnlySpan<byte> part)
    {
        AnswerSize += part.Length;
        if (!IsKept(context, status))
            return;
        part = part[..Math.Min(part.Length, MaxBody + 1 - _answerLength)];
        if (part.Length > _answer.Length - _answerLength)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_answerLength + part.Length);
            Answer.CopyTo(larger);
            GiveBack();
            _answer = larger;
        }

        part.CopyTo(_answer.AsSpan(_answerLength));
        _answerLength += part.Length;
    }

    /// <summary>Whether the beginning of the answer is not complete yet and worth handing over.</summary>
    /// <param name="context">The call.</param>
    public bool WantsAnswer(HttpContext context) => _answerLength <= MaxBody && IsKept(context, context.Response.StatusCode);

    /// <summary>Whose record the call belongs to: who calls, or whose key it was; null when nobody knows.</summary>
    /// <param name="context">The call.</param>
    internal Caller? OwnerOf(HttpContext context) => context.Features.Get<Caller>() ?? Former;

    /// <summary>Takes from the call what is gone when it has ended.</summary>
    /// <param name="context">The call.</param>
    /// <param name="caller">Who called; null when nobody knows.</param>
    internal void Capture(HttpContext context, Caller? caller)
    {
        var request = context.Request;
        Caller = caller;
        Method = request.Method;
        Path = request.PathBase.HasValue ? request.PathBase.Add(request.Path) : request.Path;
        Query = request.QueryString.Value;
        Address = context.Connection.RemoteIpAddress;
        RequestId = context.TraceIdentifier;
        RequestHeaders = Copy(request.Headers);
        AnswerHeaders = Copy(context.Response.Headers);

        // A form that its guard refused may not be looked at: the framework throws then.
        var isRefused = context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false };
        Form = Body.IsEmpty && !isRefused ? context.Features.Get<IFormFeature>()?.Form : null;
        if (Body.Length > MaxBody && !HasSecrets)
            _body = Body[..(MaxBody + 1)].ToArray();

        // Once: a batch that goes on without its client may still add to the journal.
        _journalWeight = Step * Math.Min(Journal?.Changes ?? 0, ChangeJournal.MaxHeld);
    }

    /// <summary>The row is written, and the answer not needed any more.</summary>
    internal void Close()
    {
        _answerLength = 0;
        GiveBack();
    }

    private void GiveBack()
    {
        if (_answer.Length > 0)
            ArrayPool<byte>.Shared.Return(_answer);
        _answer = [];
    }

    private bool IsKept(HttpContext context, int status)
    {
        if (Fate == CallFate.Undecided)
            Fate = Dialect is null ? CallFate.NotWanted : _meter.Decide(OwnerOf(context), status);
        return Fate == CallFate.Kept;
    }

    private static KeyValuePair<string, StringValues>[] Copy(IHeaderDictionary headers)
    {
        var copy = new KeyValuePair<string, StringValues>[headers.Count];
        headers.CopyTo(copy, 0);
        return copy;
    }
}
