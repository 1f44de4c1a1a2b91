using System.Globalization;

namespace Contacts.Tests.Reliability;

/// <summary>What a client asked of one contact.</summary>
internal enum CallKind
{
    /// <summary>Sets what is given by <c>?urn=</c>; makes the contact when it is not there.</summary>
    Upsert,

    /// <summary>Makes it, with the URN in the body.</summary>
    Create,

    /// <summary>Sets what is given by <c>?uuid=</c>.</summary>
    Update,

    /// <summary>Puts it into a group.</summary>
    Join,

    /// <summary>Takes it out of a group.</summary>
    Leave,

    /// <summary>Deletes it.</summary>
    Delete,

    /// <summary>Reads it by its URN.</summary>
    Read,

    /// <summary>Reads it by its uuid.</summary>
    ReadById,
}

/// <summary>A contact as one client sees it.</summary>
/// <param name="Uuid">Its uuid; null of one that was made by a call whose answer nobody has.</param>
/// <param name="Name">Its name.</param>
/// <param name="Field">The value of its field.</param>
/// <param name="Groups">Its groups, a bit each.</param>
internal sealed record Seen(string? Uuid, string? Name, string? Field, int Groups);

/// <summary>One call about one contact, and what came of it.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Started">Before it was sent.</param>
/// <param name="Ended">After its answer; <see cref="long.MaxValue"/> when there was none, or one that leaves its outcome open.</param>
internal sealed record ContactCall(CallKind Kind, long Started, long Ended)
{
    /// <summary>The name to set, or null to leave it.</summary>
    public string? Name { get; init; }

    /// <summary>The value to set, or null to leave it.</summary>
    public string? Field { get; init; }

    /// <summary>The groups to set, or null to leave them; the one group to join or leave.</summary>
    public int? Groups { get; init; }

    /// <summary>The uuid that was asked for.</summary>
    public string? Uuid { get; init; }

    /// <summary>The status of the answer; 0 when there was none.</summary>
    public int Status { get; init; }

    /// <summary>The contact in the answer, or null.</summary>
    public Seen? Answer { get; init; }

    /// <summary>Whether its outcome is known.</summary>
    public bool IsAnswered => Ended != long.MaxValue;

    /// <inheritdoc />
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Started}–{(IsAnswered ? Ended : "…")} {Kind} {Uuid} name={Name} field={Field} groups={Groups} → {Status} {Answer}");
}

/// <summary>What a call may do to a contact: the specification that histories are held against. A contact that is not there is null.</summary>
internal static class ContactModel
{
    /// <summary>Carries a call out.</summary>
    /// <param name="before">The contact before it.</param>
    /// <param name="call">The call.</param>
    /// <param name="after">The contact after it.</param>
    /// <returns>Whether the call can have had its answer at this moment.</returns>
    public static bool TryApply(Seen? before, ContactCall call, out Seen? after)
    {
        after = before;
        return call.Kind switch
        {
            CallKind.Upsert => Write(before, call, before is null ? 201 : 200, out after),
            CallKind.Create when before is null => Write(null, call, 201, out after),
            CallKind.Update when IsMeant(before, call) => Write(before, call, 200, out after),
            CallKind.Create or CallKind.Update => Answers(call, 400),
            CallKind.Join when before is not null => Regroup(before, before.Groups | call.Groups!.Value, call, out after),
            CallKind.Leave when before is not null => Regroup(before, before.Groups & ~call.Groups!.Value, call, out after),
            CallKind.Join or CallKind.Leave => Answers(call, 400),
            CallKind.Delete => Remove(before, call, out after),
            CallKind.Read => Shows(before, call.Answer, out after),
            _ => IsMeant(before, call) ? Shows(before, call.Answer, out after) : call.Answer is null,
        };
    }

    private static bool IsMeant(Seen? contact, ContactCall call) => contact is not null && contact.Uuid == call.Uuid;

    private static bool Answers(ContactCall call, int status) => !call.IsAnswered || call.Status == status;

    private static bool Write(Seen? before, ContactCall call, int status, out Seen? after)
    {
        var written = before ?? new Seen(null, null, null, 0);
        after = written with { Name = call.Name ?? written.Name, Field = call.Field ?? written.Field, Groups = call.Groups ?? written.Groups };
        return !call.IsAnswered || (call.Status == status && Shows(after, call.Answer, out after));
    }

    private static bool Regroup(Seen before, int groups, ContactCall call, out Seen? after)
    {
        after = before with { Groups = groups };
        return Answers(call, 204);
    }

    private static bool Remove(Seen? before, ContactCall call, out Seen? after)
    {
        after = null;
        return Answers(call, before is null ? 404 : 204);
    }

    /// <summary>Whether an answer shows the contact; it also tells the uuid of one whose creation was not answered.</summary>
    private static bool Shows(Seen? contact, Seen? answer, out Seen? after)
    {
        after = contact is { Uuid: null } && answer is not null ? contact with { Uuid = answer.Uuid } : contact;
        return after == answer;
    }
}
