using System.Text.Json.Nodes;

namespace Contacts.Tests.Whaapy;

/// <summary>
/// One contact as both dialects should show it, and random bodies that change it: what a body says is done to the model as well. Written from
/// the two contracts, without a look at the server's code.
/// </summary>
internal sealed class TwoViewsModel(Random random, int number, IReadOnlyList<string> groups)
{
    private static readonly string[] Texts = ["Ana", "Íñigo 🙂", "\"quoted\"", "back\\slash", "{braces}, comma", "NULL", "<b>&amp;</b>", "日本", "a'b", "x y"];
    private static readonly string[] Plain = ["notes", "company", "address", "city", "state", "source", "postal_code"];

    private readonly Dictionary<string, string?> _plain = Plain.Append("avatar_url").Append("country").ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonNode> _custom = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _tags = [];
    private List<string> _urns = [];
    private string[] _groups = [];
    private string? _name;
    private string? _language;
    private string? _nick;
    private int _numbers;

    /// <summary>The body that makes the contact through Whaapy.</summary>
    public JsonObject Create()
    {
        var body = Patch(isNew: true);
        _plain["source"] ??= "api";
        _plain["country"] ??= "MX";
        return body;
    }

    /// <summary>A random body of Whaapy's; of each attribute it is open whether it is named.</summary>
    public JsonObject Patch(bool isNew = false)
    {
        var body = new JsonObject();
        if (isNew || Chance(20))
        {
            var phone = $"+52155{number:0000}{_numbers++:0000}";
            body["phone_number"] = phone;
            Replace("tel:", $"tel:{phone}");
        }

        if (Chance(30))
        {
            var email = Chance(30) ? null : $"a{number}.{_numbers++}@example.com";
            body["email"] = email;
            Replace("mailto:", email is null ? null : $"mailto:{email}");
        }

        if (Chance(50))
            body["name"] = _name = TextOrNull();
        foreach (var name in Plain.Where(_ => Chance(40)))
            body[name] = _plain[name] = TextOrNull();
        if (Chance(30))
            body["avatar_url"] = _plain["avatar_url"] = $"https://example.com/{random.Next(9)}.png";
        if (Chance(30))
            body["country"] = _plain["country"] = Chance(50) ? "PE" : "US";
        PatchTags(body);
        PatchItems(body);
        return body;
    }

    /// <summary>A random body of Weni's.</summary>
    public JsonObject WeniWrite()
    {
        var body = new JsonObject();
        if (Chance(50))
            body["name"] = _name = TextOrNull();
        if (Chance(50))
            body["language"] = _language = Chance(30) ? null : "spa";
        if (Chance(40))
        {
            _urns = [.. _urns.OrderBy(_ => random.Next()).Skip(Chance(20) ? 1 : 0)];
            if (Chance(40))
                _urns.Insert(random.Next(_urns.Count + 1), random.Next(3) switch
                {
                    0 => $"ext:{number}.{_numbers++}",
                    1 => $"whatsapp:52166{number:0000}{_numbers++:0000}",
                    _ => $"tel:+52177{number:0000}{_numbers++:0000}",
                });
            body["urns"] = new JsonArray([.. _urns.Select(urn => (JsonNode)urn)]);
        }

        if (Chance(40))
        {
            _groups = [.. groups.Where(_ => Chance(50))];
            body["groups"] = new JsonArray([.. _groups.Select(group => (JsonNode)group)]);
        }

        if (Chance(40))
            body["fields"] = new JsonObject { ["nick_name"] = _nick = TextOrNull() };
        return body;
    }

    /// <summary>What Whaapy shows, but for the id and the times.</summary>
    public JsonObject Whaapy()
    {
        var tel = _urns.Find(urn => urn.StartsWith("tel:", StringComparison.Ordinal))?["tel:".Length..];
        var whatsApp = _urns.Find(urn => urn.StartsWith("whatsapp:", StringComparison.Ordinal))?["whatsapp:".Length..];
        var shown = new JsonObject
        {
            ["phone_number"] = tel ?? (whatsApp is null ? null : $"+{whatsApp}"),
            ["name"] = _name,
            ["email"] = _urns.Find(urn => urn.StartsWith("mailto:", StringComparison.Ordinal))?["mailto:".Length..],
            ["tags"] = new JsonArray([.. _tags.Select(tag => (JsonNode)tag)]),
            ["custom_fields"] = new JsonObject(_custom.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value.DeepClone()))),
            ["external_ids"] = new JsonObject(_ids.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value))),
            ["funnel_stage"] = null,
            ["last_contact_at"] = null,
        };
        foreach (var (name, value) in _plain)
            shown[name] = value;
        return shown;
    }

    /// <summary>What Weni shows, but for the uuid and the times.</summary>
    public JsonObject Weni() => new()
    {
        ["name"] = _name,
        ["language"] = _language,
        ["urns"] = new JsonArray([.. _urns.Select(urn => (JsonNode)urn)]),
        ["groups"] = new JsonArray([.. _groups.Order(StringComparer.Ordinal).Select(group => (JsonNode)group)]),
        ["fields"] = new JsonObject { ["nick_name"] = _nick },
        ["blocked"] = false,
        ["stopped"] = false,
    };

    private void PatchTags(JsonObject body)
    {
        if (Chance(30))
        {
            var tags = Some(Texts);
            _tags.Clear();
            _tags.AddRange(tags);
            body["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
        }

        if (Chance(30))
        {
            var added = Some(Texts);
            _tags.AddRange(added.Except(_tags, StringComparer.Ordinal).ToList());
            body["add_tags"] = new JsonArray([.. added.Select(tag => (JsonNode)tag)]);
        }

        if (!Chance(30))
            return;
        var removed = Some(Texts);
        _tags.RemoveAll(removed.Contains);
        body["remove_tags"] = new JsonArray([.. removed.Select(tag => (JsonNode)tag)]);
    }

    private void PatchItems(JsonObject body)
    {
        if (Chance(40))
        {
            var items = new JsonObject();
            foreach (var key in Some(Texts))
            {
                var value = Value();
                items[key] = value?.DeepClone();
                if (value is null)
                    _custom.Remove(key);
                else
                    _custom[key] = value;
            }

            body["custom_fields"] = items;
        }

        if (!Chance(40))
            return;
        var ids = new JsonObject();
        foreach (var key in Some(Texts))
        {
            var value = TextOrNull();
            ids[key] = value;
            if (value is null)
                _ids.Remove(key);
            else
                _ids[key] = value;
        }

        body["external_ids"] = ids;
    }

    private void Replace(string scheme, string? urn)
    {
        var first = _urns.FindIndex(known => known.StartsWith(scheme, StringComparison.Ordinal));
        if (urn is null)
            _urns.RemoveAll(known => known.StartsWith(scheme, StringComparison.Ordinal));
        else if (first < 0)
            _urns.Add(urn);
        else
            _urns[first] = urn;
    }

    private JsonNode? Value() => random.Next(7) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(-1000, 1000)),
        2 => JsonValue.Create(random.Next(1000) / 8.0),
        3 => JsonValue.Create(Chance(50)),
        4 => new JsonArray(1, Texts[random.Next(Texts.Length)], null),
        5 => new JsonObject { ["a"] = Texts[random.Next(Texts.Length)], ["b"] = new JsonObject { ["c"] = 1 } },
        _ => JsonValue.Create(Texts[random.Next(Texts.Length)]),
    };

    private string? TextOrNull() => Chance(20) ? null : Texts[random.Next(Texts.Length)];

    private string[] Some(string[] all) => [.. all.OrderBy(_ => random.Next()).Take(random.Next(4))];

    private bool Chance(int percent) => random.Next(100) < percent;
}
