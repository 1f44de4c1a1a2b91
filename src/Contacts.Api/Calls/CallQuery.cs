using Contacts.Core;
using Contacts.Data;
using Contacts.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Calls;

/// <summary>Which recorded calls are wanted; what is null does not narrow them down.</summary>
public sealed record CallQuery
{
    private const string Escape = "\\";

    /// <summary>Those that came at this time or later.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Those that came before this time.</summary>
    public DateTime? Until { get; init; }

    /// <summary>Those that came after this call.</summary>
    public Guid? After { get; init; }

    /// <summary>The one with this request id.</summary>
    public string? RequestId { get; init; }

    /// <summary>A status, or its class: 4 for 400 to 499.</summary>
    public int? Status { get; init; }

    /// <summary>A method.</summary>
    public string? Method { get; init; }

    /// <summary>A part of the path, in any letter case.</summary>
    public string? Path { get; init; }

    /// <summary>Whose API was called.</summary>
    public string? Dialect { get; init; }

    /// <summary>A token's id.</summary>
    public Guid? Token { get; init; }

    /// <summary>A contact that was touched.</summary>
    public Guid? Contact { get; init; }

    /// <summary>A text in the query, the body, the answer or the headers, in any letter case.</summary>
    public string? Text { get; init; }

    /// <summary>Only those that were refused or failed.</summary>
    public bool OnlyErrors { get; init; }

    /// <summary>Leaves out the calls of the management API and the changes made in the console.</summary>
    public bool LeavesOwn { get; init; }

    /// <summary>Only those of clients: none of the management API, none of the console, and none whose token nobody knows.</summary>
    public bool OnlyClients { get; init; }

    /// <summary>All calls that a role may read: management and strangers are an administrator's business.</summary>
    /// <param name="reader">The role of whoever reads.</param>
    public static CallQuery For(Role reader) => new() { OnlyClients = reader != Role.Administrator };

    /// <summary>The calls that are wanted, in no order.</summary>
    /// <param name="db">A context of the workspace.</param>
    internal IQueryable<RecordedCall> In(ContactsDb db)
    {
        var calls = db.RecordedCalls.AsNoTracking();
        if (Since is { } since)
        {
            var first = RowId.First(since.ToUniversalTime());
            calls = calls.Where(call => call.Id >= first);
        }

        if (Until is { } until)
        {
            var end = RowId.First(until.ToUniversalTime());
            calls = calls.Where(call => call.Id < end);
        }

        if (After is { } after)
            calls = calls.Where(call => call.Id > after);
        if (RequestId is { } requestId)
            calls = calls.Where(call => call.RequestId == requestId);
        calls = WithStatus(calls);
        if (Method is { } method)
            calls = calls.Where(call => call.Method == method);
        if (Dialect is { } dialect)
            calls = calls.Where(call => call.Dialect == dialect);
        if (LeavesOwn || OnlyClients)
            calls = calls.Where(call => call.Dialect != CallRecord.Management && call.Dialect != CallRecord.Console);
        if (OnlyClients)
            calls = calls.Where(call => call.TokenId != null);
        if (Token is { } token)
            calls = calls.Where(call => call.TokenId == token);
        return WithText(WithContact(calls, db));
    }

    private IQueryable<RecordedCall> WithStatus(IQueryable<RecordedCall> calls)
    {
        if (OnlyErrors)
            calls = calls.Where(call => call.Status >= 400);
        if (Status is not { } status)
            return calls;
        var (low, high) = status < 10 ? (status * 100, (status * 100) + 99) : (status, status);
        return calls.Where(call => call.Status >= low && call.Status <= high);
    }

    private IQueryable<RecordedCall> WithContact(IQueryable<RecordedCall> calls, ContactsDb db)
    {
        if (Contact is not { } contact)
            return calls;

        // Two indexes, each of which has a part of them.
        var ids = db.RecordedCalls.Where(call => call.ContactId == contact).Select(call => call.Id)
            .Concat(db.RecordedContacts.Where(row => row.ContactId == contact).Select(row => row.CallId));
        return calls.Where(call => ids.Contains(call.Id));
    }

    private IQueryable<RecordedCall> WithText(IQueryable<RecordedCall> calls)
    {
        if (Path is { Length: > 0 } path)
        {
            var pattern = PatternOf(path);
            calls = calls.Where(call => EF.Functions.ILike(call.Path, pattern, Escape));
        }

        if (Text is { Length: > 0 } text)
        {
            var pattern = PatternOf(text);
            calls = calls.Where(call =>
                EF.Functions.ILike(call.Query!, pattern, Escape) || EF.Functions.ILike(call.Body!, pattern, Escape)
                || EF.Functions.ILike(call.AnswerBody!, pattern, Escape) || EF.Functions.ILike(call.RequestHeaders, pattern, Escape)
                || EF.Functions.ILike(call.AnswerHeaders, pattern, Escape));
        }

        return calls;
    }

    private static string PatternOf(string text) =>
        $"%{text.Replace(Escape, @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
