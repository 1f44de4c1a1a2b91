using Contacts.Core;

namespace Contacts.Imports;

/// <summary>What a column of a file may be.</summary>
public enum ColumnKind
{
    /// <summary>Nothing that the book wants.</summary>
    Ignored,

    /// <summary>The contact's id.</summary>
    Uuid,

    /// <summary>The name.</summary>
    Name,

    /// <summary>The language.</summary>
    Language,

    /// <summary>Addresses: of one scheme, or whole URNs.</summary>
    Urn,

    /// <summary>Names of groups.</summary>
    Groups,

    /// <summary>The value of a field.</summary>
    Field,

    /// <summary>The value of a field that is made for it, called as the column is.</summary>
    NewField,
}

/// <summary>What a column of a file is.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Detail">The scheme, empty for whole URNs; the field's key; or the new field's type.</param>
internal readonly record struct ColumnTarget(ColumnKind Kind, string Detail = "")
{
    private static readonly Dictionary<string, ColumnKind> Kinds = new(StringComparer.Ordinal)
    {
        ["ignore"] = ColumnKind.Ignored,
        ["uuid"] = ColumnKind.Uuid,
        ["name"] = ColumnKind.Name,
        ["language"] = ColumnKind.Language,
        ["urn"] = ColumnKind.Urn,
        ["groups"] = ColumnKind.Groups,
        ["field"] = ColumnKind.Field,
        ["new"] = ColumnKind.NewField,
    };

    /// <summary>The type of the field that a column makes.</summary>
    public FieldType FieldType => Enum.TryParse<FieldType>(Detail, ignoreCase: true, out var type) ? type : FieldType.Text;

    /// <summary>Reads what <see cref="ToString"/> wrote; anything else is ignored.</summary>
    /// <param name="text"><c>name</c>, <c>urn:tel</c>, <c>field:age</c>, <c>new:text</c>.</param>
    public static ColumnTarget Parse(string text)
    {
        var parts = text.Split(':', 2);
        return Kinds.TryGetValue(parts[0], out var kind) ? new ColumnTarget(kind, parts.Length == 2 ? parts[1] : string.Empty) : default;
    }

    /// <summary>The target as text.</summary>
    public override string ToString()
    {
        var kind = Kind;
        var name = Kinds.First(pair => pair.Value == kind).Key;
        return string.IsNullOrEmpty(Detail) ? name : $"{name}:{Detail}";
    }
}
