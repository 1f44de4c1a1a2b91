using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Contacts.Core;

/// <summary>What a workspace defines: its fields and groups, as one unchanging picture that requests share.</summary>
public sealed class Catalog
{
    private readonly FrozenDictionary<string, Field> _fieldsByKey;
    private readonly FrozenDictionary<Guid, Group> _groupsById;
    private readonly FrozenDictionary<string, Group> _groupsByName;

    /// <summary>A picture of these fields and groups.</summary>
    /// <param name="fields">All fields.</param>
    /// <param name="groups">All living groups.</param>
    public Catalog(IReadOnlyList<Field> fields, IReadOnlyList<Group> groups)
    {
        Fields = fields;
        EncodedKeys = [.. fields.Select(field => JsonEncodedText.Encode(field.Key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
        Groups = [.. groups.OrderBy(group => group.NameKey, StringComparer.Ordinal)];
        _fieldsByKey = fields.ToFrozenDictionary(field => field.Key, StringComparer.Ordinal);
        _groupsById = groups.ToFrozenDictionary(group => group.Id);
        _groupsByName = groups.ToFrozenDictionary(group => group.NameKey, StringComparer.Ordinal);
    }

    /// <summary>All fields, oldest first.</summary>
    public IReadOnlyList<Field> Fields { get; }

    /// <summary>The fields' keys in this order, as JSON has them: every contact that is answered has them all.</summary>
    public IReadOnlyList<JsonEncodedText> EncodedKeys { get; }

    /// <summary>All living groups, by name.</summary>
    public IReadOnlyList<Group> Groups { get; }

    /// <summary>The field with a key, or null.</summary>
    /// <param name="key">The key, exactly.</param>
    public Field? FieldByKey(string key) => _fieldsByKey.GetValueOrDefault(key);

    /// <summary>The living group with an id, or null.</summary>
    /// <param name="id">The id.</param>
    public Group? GroupById(Guid id) => _groupsById.GetValueOrDefault(id);

    /// <summary>The living group with a name in any case, or null.</summary>
    /// <param name="name">The name.</param>
    public Group? GroupByName(string name) => _groupsByName.GetValueOrDefault(NameKey.Of(name));
}
