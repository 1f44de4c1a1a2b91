namespace Contacts.Core;

/// <summary>The form of a name that is unique "in any case": folded here and not in SQL, where it would depend on the database's locale.</summary>
public static class NameKey
{
    /// <summary>Folds a name to lower case. A letter and its decomposed form stay two: the program runs without ICU, which could compose them.</summary>
    /// <param name="name">A trimmed name without lone surrogates.</param>
    public static string Of(string name) => name.ToLowerInvariant();
}
