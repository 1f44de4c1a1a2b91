using Contacts.Urns;
using Contacts.Webhooks;

namespace Contacts.Core;

/// <summary>Why the book did not do what was asked. Each dialect has one place that turns these into its status and body.</summary>
public abstract record Refusal
{
    /// <summary>There is no such object in this workspace.</summary>
    public sealed record NotFound : Refusal;

    /// <summary>There is no such contact to join to another one, or it was deleted.</summary>
    public sealed record OtherNotFound : Refusal;

    /// <summary>A contact can't be joined to itself.</summary>
    public sealed record SameContact : Refusal;

    /// <summary>The contact was deleted; it can't be changed any more.</summary>
    public sealed record ContactDeleted : Refusal;

    /// <summary>Somebody else changed the contact since it was shown.</summary>
    /// <param name="Contact">The contact as it is now.</param>
    public sealed record ContactChanged(Contact Contact) : Refusal;

    /// <summary>Only active contacts may be put into groups.</summary>
    public sealed record ContactNotActive : Refusal;

    /// <summary>A contact can't get a URN that another one has.</summary>
    /// <param name="Identity">The URN's identity, normalised, as it was asked for.</param>
    /// <param name="ContactId">The contact that has it, perhaps in another form.</param>
    public sealed record UrnTaken(string Identity, Guid ContactId) : Refusal;

    /// <summary>The contact would have more of something than it may.</summary>
    /// <param name="Attribute">Of what.</param>
    /// <param name="Limit">How many there may be.</param>
    public sealed record TooMany(CountedAttribute Attribute, int Limit) : Refusal;

    /// <summary>A contact can't be made with this URN.</summary>
    /// <param name="Text">The URN as it was given.</param>
    /// <param name="Fault">What is wrong with it.</param>
    public sealed record UrnInvalid(string Text, UrnFault Fault) : Refusal;

    /// <summary>A group that the request names is gone.</summary>
    /// <param name="Reference">How the request named it.</param>
    public sealed record GroupUnknown(string Reference) : Refusal;

    /// <summary>The name, label or token key is another object's.</summary>
    /// <param name="Attribute">Which attribute must be unique.</param>
    public sealed record NotUnique(UniqueAttribute Attribute) : Refusal;

    /// <summary>The label makes a key that no field may have.</summary>
    /// <param name="Key">The key.</param>
    public sealed record KeyInvalid(string Key) : Refusal;

    /// <summary>The label makes a key that another field has.</summary>
    /// <param name="Key">The key.</param>
    public sealed record KeyTaken(string Key) : Refusal;

    /// <summary>The workspace has as many objects of a kind as it may.</summary>
    /// <param name="Count">How many there are.</param>
    /// <param name="Limit">How many there may be.</param>
    public sealed record LimitReached(int Count, int Limit) : Refusal;

    /// <summary>A webhook can't go to this URL.</summary>
    /// <param name="Fault">What is wrong with it.</param>
    public sealed record TargetRefused(TargetFault Fault) : Refusal;

    /// <summary>A snapshot has not what the tables need by now: it was taken by another version of the program.</summary>
    public sealed record SnapshotOutdated : Refusal;

    /// <summary>The book has something in it where an empty one is needed.</summary>
    public sealed record NotEmpty : Refusal;

    /// <summary>An import is being written, which would go on in the emptied book.</summary>
    public sealed record ImportRunning : Refusal;

    /// <summary>The group can't be deleted while these use it.</summary>
    /// <param name="Kind">What kind of automation uses it.</param>
    /// <param name="Users">Those automations.</param>
    public sealed record GroupInUse(AutomationKind Kind, IReadOnlyList<Automation> Users) : Refusal;

    /// <summary>A change of several failed where no rule refuses it, for example because the database can't hold a value; nothing of it was written then. Or the database went away, and it may have been.</summary>
    /// <param name="Error">What was thrown.</param>
    public sealed record Failed(Exception Error) : Refusal;
}

/// <summary>An attribute of a contact that has a limit.</summary>
public enum CountedAttribute
{
    /// <summary>Tags.</summary>
    Tags,

    /// <summary>Further values.</summary>
    CustomValues,

    /// <summary>Ids in other systems.</summary>
    ExternalIds,

    /// <summary>URNs.</summary>
    Urns,
}

/// <summary>An attribute that is unique in its workspace.</summary>
public enum UniqueAttribute
{
    /// <summary>A group's or campaign's name.</summary>
    Name,

    /// <summary>A field's label.</summary>
    Label,

    /// <summary>A token's key.</summary>
    Key,
}

/// <summary>What was made or found, or why not.</summary>
/// <typeparam name="T">The object.</typeparam>
/// <param name="Value">The object; null when refused.</param>
/// <param name="Refusal">Why not; null when done.</param>
public readonly record struct Outcome<T>(T? Value, Refusal? Refusal)
    where T : class
{
    /// <summary>Done.</summary>
    /// <param name="value">The object.</param>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>Refused.</summary>
    /// <param name="refusal">Why.</param>
    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);
}

/// <summary>A change kept colliding with others; nothing of it was written, and it may be sent again.</summary>
public sealed class BookBusyException() : Exception("The contact is being changed by too many calls at once; nothing was written.");
