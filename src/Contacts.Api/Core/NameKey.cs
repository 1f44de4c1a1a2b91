using System.Text;

namespace Contacts.Core;

/// <summary>The form of a name that is unique "in any case": folded here and not in SQL, where it would depend on the database's locale.</summary>
public static class NameKey
{
    /// <summary>Folds a name: composed (NFC) and in lower case.</summary>
    /// <param name="name">A trimmed name without lone surrogates.</param>
    public static string Of(string name) => name.Normalize(NormalizationForm.FormC).ToLowerInvariant();
}
