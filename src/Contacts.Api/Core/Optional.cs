namespace Contacts.Core;

/// <summary>An attribute of a request that may be absent, which is not the same as being null: absent leaves the stored value as it is.</summary>
/// <typeparam name="T">The attribute's type.</typeparam>
public readonly record struct Optional<T>
{
    /// <summary>An attribute that the request names, with its value.</summary>
    /// <param name="value">The value given, possibly null.</param>
    public Optional(T value)
    {
        IsGiven = true;
        Value = value;
    }

    /// <summary>Whether the request names the attribute.</summary>
    public bool IsGiven { get; }

    /// <summary>The value given; the type's default when the attribute is absent.</summary>
    public T Value { get; }

    /// <summary>A given attribute.</summary>
    /// <param name="value">The value given.</param>
    public static implicit operator Optional<T>(T value) => new(value);

    /// <summary>The value given, or what is stored when the attribute is absent.</summary>
    /// <param name="stored">The stored value.</param>
    public T Or(T stored) => IsGiven ? Value : stored;
}
