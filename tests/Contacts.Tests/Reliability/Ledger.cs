using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Contacts.Tests.Reliability;

/// <summary>What a contact holds: all of it follows from two things, so that a half-written one shows.</summary>
/// <param name="Version">How often it was written; its name, language, field and group follow from it.</param>
/// <param name="IsMarked">Whether it is in the group of marks.</param>
internal sealed record Face(int Version, bool IsMarked)
{
    /// <summary>The groups of versions, and the group of marks at the end.</summary>
    public static readonly string[] Groups = ["Zero", "One", "Two", "Marked"];

    /// <summary>Its language.</summary>
    public string Language => Version % 2 == 0 ? "eng" : "spa";

    /// <summary>The value of its field.</summary>
    public string Serial => Version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The names of its groups, in order.</summary>
    public string[] InGroups => IsMarked ? [Groups[^1], Groups[Version % 3]] : [Groups[Version % 3]];

    /// <summary>The name that the contact has.</summary>
    /// <param name="urn">Its URN.</param>
    public string NameOf(string urn) => string.Create(CultureInfo.InvariantCulture, $"{urn} v{Version}");
}

/// <summary>An event that subscribers must have been told.</summary>
/// <param name="Event">The name of the event.</param>
/// <param name="Name">The contact's name; null of one that was deleted.</param>
internal sealed record Told(string Event, string? Name);

/// <summary>A contact that one writer alone changes, one call after the other.</summary>
/// <param name="urn">Its URN.</param>
internal sealed class LedgerLine(string urn)
{
    /// <summary>Its URN.</summary>
    public string Urn => urn;

    /// <summary>Its uuid, when an answer or the book told it.</summary>
    public string? Uuid { get; set; }

    /// <summary>What the book must hold; null when it must not have the contact.</summary>
    public Face? Sure { get; private set; }

    /// <summary>What the book may hold instead, when the last call is open.</summary>
    public Face? Maybe { get; private set; }

    /// <summary>Whether the outcome of the last call is open; nobody writes it any more until the book has told.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether the last call got no answer at all.</summary>
    public bool IsUnanswered { get; private set; }

    /// <summary>What was to be told of it since the last check.</summary>
    public List<Told> Events { get; } = [];

    /// <summary>A call was acknowledged.</summary>
    /// <param name="wanted">What it wrote; null when it deleted.</param>
    public void Acknowledge(Face? wanted)
    {
        if (wanted is null)
            Events.Add(new Told("contact.deleted", null));
        else if (wanted != Sure)
            Events.Add(new Told(Sure is null ? "contact.created" : "contact.updated", wanted.NameOf(urn)));
        (Sure, Maybe, IsOpen, IsUnanswered) = (wanted, null, false, false);
    }

    /// <summary>A call got no answer, or one that leaves its outcome open.</summary>
    /// <param name="wanted">What it would have written.</param>
    /// <param name="isUnanswered">Whether it got no answer at all.</param>
    public void LeaveOpen(Face? wanted, bool isUnanswered) => (Maybe, IsOpen, IsUnanswered) = (wanted, true, isUnanswered);

    /// <summary>The book tells what came of an open call.</summary>
    /// <param name="found">What the book holds.</param>
    /// <returns>Whether it is one of the two that it may be.</returns>
    public bool Settle(Face? found)
    {
        if (IsOpen && found != Sure && found == Maybe)
            Acknowledge(found);
        (Maybe, IsOpen, IsUnanswered) = (null, false, false);
        return found == Sure;
    }
}

/// <summary>A write of a contact that many writers change.</summary>
/// <param name="Name">The name that it gave, which no other write gives.</param>
/// <param name="Started">Before it was sent.</param>
/// <param name="Ended">After it was acknowledged; null when it was not.</param>
internal sealed record SharedWrite(string Name, long Started, long? Ended);

/// <summary>Every answer that writers got: what must be in the book, what may be, and what must not.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, LedgerLine> _lines = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<SharedWrite>> _shared = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentDictionary<int, int> _answers = new();
    private string _fault = "";
    private long _acknowledged;

    /// <summary>The contacts of one writer each.</summary>
    public IEnumerable<LedgerLine> Lines => _lines.Values;

    /// <summary>The contacts of all writers: by URN the writes that may be the last one.</summary>
    public IReadOnlyDictionary<string, ConcurrentQueue<SharedWrite>> Shared => _shared;

    /// <summary>Answers that no fault explains.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Writes that were acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>How many calls got which status; 0 stands for no answer.</summary>
    public string Answers => string.Join(", ", _answers.OrderBy(pair => pair.Key).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}")));

    /// <summary>A new contact.</summary>
    public LedgerLine Open(string urn) => _lines[urn] = new LedgerLine(urn);

    /// <summary>Forgets a contact that is deleted and told.</summary>
    public void Close(LedgerLine line) => _lines.TryRemove(line.Urn, out _);

    /// <summary>Counts an answer.</summary>
    public void Count(int status) => _answers.AddOrUpdate(status, 1, (_, count) => count + 1);

    /// <summary>Notes what came of a call that wrote.</summary>
    public void Note(LedgerLine line, Face? wanted, int status, string body)
    {
        if (status is >= 200 and < 300)
        {
            Interlocked.Increment(ref _acknowledged);
            line.Acknowledge(wanted);
            return;
        }

        line.LeaveOpen(wanted, status == 0);
        if (status is not (0 or 503))
            Complain($"{line.Urn} {line.Sure} → {wanted}: {status} {body}");
    }

    /// <summary>Notes a write of a shared contact.</summary>
    public void Note(string urn, string name, long started, int status, string body)
    {
        var isAcknowledged = status is 200 or 201;
        if (isAcknowledged)
            Interlocked.Increment(ref _acknowledged);
        else if (status is not (0 or 503))
            Complain($"{urn} {name}: {status} {body}");
        _shared.GetOrAdd(urn, static _ => new ConcurrentQueue<SharedWrite>())
            .Enqueue(new SharedWrite(name, started, isAcknowledged ? Stopwatch.GetTimestamp() : null));
    }

    /// <summary>The book has told which write was the last one.</summary>
    public void Settle(string urn, SharedWrite last) => _shared[urn] = new ConcurrentQueue<SharedWrite>([last with { Ended = Stopwatch.GetTimestamp() }]);

    /// <summary>What strikes from now on.</summary>
    public void Begin(Fault fault) => _fault = fault.Name;

    /// <summary>Notes an answer that no fault explains.</summary>
    public void Complain(string complaint) => _complaints.Enqueue($"{_fault}: {complaint}");
}
