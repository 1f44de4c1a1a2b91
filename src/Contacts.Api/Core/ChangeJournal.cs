namespace Contacts.Core;

/// <summary>A contact before and after a change.</summary>
/// <param name="Before">Before it; null when it was made.</param>
/// <param name="After">Right after it.</param>
public readonly record struct ContactStep(Contact? Before, Contact After);

/// <summary>Something else than a contact that was changed: a group, a field, a setting.</summary>
/// <param name="Kind">What it is, such as <c>group</c>; null when only its id is known.</param>
/// <param name="Id">Its id, or a field's key.</param>
/// <param name="Effect">What was done to it.</param>
/// <param name="Attributes">The attributes that changed.</param>
public sealed record ObjectStep(string? Kind, string Id, ContactEffect Effect, IReadOnlyList<AttributeStep> Attributes);

/// <summary>One attribute before and after a change.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Before">Its value before: a text, a number, a truth value, a time, a choice or a list of texts; null when there was none.</param>
/// <param name="After">Its value after.</param>
public readonly record struct AttributeStep(string Name, object? Before, object? After);

/// <summary>
/// What one call wants of the book and what it comes to, for whoever shows it later. It holds references to what the engine has made anyway; nothing
/// is written out here. Ambient: whatever the call awaits finds it, and changes of contacts take it along, since they may be written by another thread,
/// also after the call has ended: a client that does not wait stops no batch. So whoever reads gets a copy.
/// </summary>
public sealed class ChangeJournal
{
    /// <summary>How many contacts, and how many other objects, are held; the others are only counted.</summary>
    public const int MaxHeld = 100;

    private static readonly AsyncLocal<ChangeJournal?> Running = new();

    private readonly Lock _lock = new();
    private List<ContactChange>? _asked;
    private List<ContactStep>? _steps;
    private List<ObjectStep>? _objects;
    private HashSet<Guid>? _contacts;
    private Guid? _first;

    /// <summary>The journal of the call that runs now, or null.</summary>
    public static ChangeJournal? Current => Running.Value;

    /// <summary>What was asked of contacts, in order, and was done or changed nothing.</summary>
    public IReadOnlyList<ContactChange> Asked => Held(_asked);

    /// <summary>What contacts were and became, also those that no change named.</summary>
    public IReadOnlyList<ContactStep> Steps => Held(_steps);

    /// <summary>What became of other objects.</summary>
    public IReadOnlyList<ObjectStep> Objects => Held(_objects);

    /// <summary>How many contacts were made.</summary>
    public int Created { get; private set; }

    /// <summary>How many contacts were deleted.</summary>
    public int Deleted { get; private set; }

    /// <summary>How many changes of contacts there were, held or not.</summary>
    public int Changes { get; private set; }

    /// <summary>The contacts that the call touched, at most <see cref="MaxHeld"/>.</summary>
    public IReadOnlyCollection<Guid> Contacts
    {
        get
        {
            lock (_lock)
            {
                if (_contacts is not null)
                    return [.. _contacts];
                return _first is { } only ? [only] : [];
            }
        }
    }

    /// <summary>Makes this the journal of everything that the calling method awaits from here on.</summary>
    public void Enter() => Running.Value = this;

    /// <summary>Notes what a change came to; a refused one came to nothing.</summary>
    /// <param name="change">The change.</param>
    /// <param name="contact">The contact as it is now.</param>
    internal void Note(ContactChange change, Contact contact)
    {
        lock (_lock)
        {
            _asked ??= new List<ContactChange>(1);
            if (_asked.Count < MaxHeld)
                _asked.Add(change);
            Touch(contact.Id);
        }
    }

    /// <summary>Notes a contact's change, after its commit.</summary>
    /// <param name="step">What it was and is.</param>
    internal void Note(ContactStep step)
    {
        lock (_lock)
        {
            Changes++;
            if (step.Before is null)
                Created++;
            else if (step.After.IsDeleted)
                Deleted++;
            _steps ??= new List<ContactStep>(1);
            if (_steps.Count < MaxHeld)
                _steps.Add(step);
            Touch(step.After.Id);
        }
    }

    /// <summary>Notes the change of another object.</summary>
    /// <param name="step">What it was and is.</param>
    internal void Note(ObjectStep step)
    {
        lock (_lock)
        {
            _objects ??= [];
            if (_objects.Count < MaxHeld)
                _objects.Add(step);
        }
    }

    /// <summary>Notes that an object is gone: what is known of it already says so from now on.</summary>
    /// <param name="id">The object's id.</param>
    internal void NoteDeletion(string id)
    {
        lock (_lock)
        {
            _objects ??= [];
            var known = _objects.FindIndex(step => step.Id == id);
            if (known >= 0)
                _objects[known] = _objects[known] with { Effect = ContactEffect.Deleted };
            else if (_objects.Count < MaxHeld)
                _objects.Add(new ObjectStep(null, id, ContactEffect.Deleted, []));
        }
    }

    private T[] Held<T>(List<T>? items)
    {
        lock (_lock)
            return items is null ? [] : [.. items];
    }

    private void Touch(Guid contact)
    {
        if (_first is null || _first == contact)
        {
            _first = contact;
            return;
        }

        _contacts ??= [_first.Value];
        if (_contacts.Count < MaxHeld)
            _contacts.Add(contact);
    }
}
