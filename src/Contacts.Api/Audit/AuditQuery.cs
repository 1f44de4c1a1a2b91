using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Audit;

/// <summary>Which entries are wanted. All conditions hold at once.</summary>
public sealed record AuditQuery
{
    /// <summary>Those of this time or later, UTC.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Those before this time, UTC.</summary>
    public DateTime? Until { get; init; }

    /// <summary>Those of this token.</summary>
    public Guid? Token { get; init; }

    /// <summary>Those of this channel.</summary>
    public string? Channel { get; init; }

    /// <summary>Those of this action.</summary>
    public string? Action { get; init; }

    /// <summary>The entries.</summary>
    /// <param name="db">A context of the workspace.</param>
    internal IQueryable<AuditEntry> In(ContactsDb db)
    {
        var entries = db.AuditLog.AsNoTracking();
        if (Since is { } since && RowId.First(since) is var first)
            entries = entries.Where(entry => entry.Id >= first);
        if (Until is { } until && RowId.First(until) is var last)
            entries = entries.Where(entry => entry.Id < last);
        if (Token is { } token)
            entries = entries.Where(entry => entry.TokenId == token);
        if (Channel is { } channel)
            entries = entries.Where(entry => entry.Channel == channel);
        if (Action is { } action)
            entries = entries.Where(entry => entry.Action == action);
        return entries;
    }
}
