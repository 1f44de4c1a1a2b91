using System.Text.Json.Nodes;

namespace Contacts.Dialects.Weni.Documentation;

/// <summary>The article's own examples.</summary>
internal static class Examples
{
    /// <summary>A new contact.</summary>
    public const string NewContact =
        """
        {
          "name": "John Cordeiro",
          "language": "por",
          "urns": ["tel:+558299331122", "whatsapp:558299331122", "mailto:john.dalton@ilhasoft.com.br", "ext:123456"],
          "groups": ["6685e933-26e1-4363-a468-8f7268ab63a9"],
          "fields": {"nickname": "Macklemore", "side_kick": "Ryan Lewis"}
        }
        """;

    /// <summary>A contact as it should be.</summary>
    public const string ExistingContact =
        """
        {
          "name": "John Cordeiro",
          "language": "por",
          "urns": ["tel:+558299331122", "whatsapp:558299331122"],
          "groups": [{"name": "Devs", "uuid": "6685e933-26e1-4363-a468-8f7268ab63a9"}],
          "fields": {}
        }
        """;

    /// <summary>One field of whoever has a URN.</summary>
    public const string ByUrn = """{"fields": {"nickname": "Ben"}}""";

    /// <summary>A field.</summary>
    public const string Field = """{"label": "Nick name", "value_type": "text"}""";

    /// <summary>A group.</summary>
    public const string Group = """{"name": "Reporters"}""";

    /// <summary>Another name of a group.</summary>
    public const string RenamedGroup = """{"name": "Checked"}""";

    /// <summary>A campaign.</summary>
    public const string Campaign = """{"name": "Reminders", "group": "Reporters"}""";

    /// <summary>Contacts, by uuid and by URN, into a group.</summary>
    public const string AddToGroup =
        """{"contacts": ["09d23a05-47fe-11e4-bfe9-b8f6b119e9ab", "tel:+250783835665"], "action": "add", "group": "Reporters"}""";

    /// <summary>A contact blocked.</summary>
    public const string Block = """{"contacts": ["tel:+250783835665"], "action": "block"}""";

    /// <summary>Two contacts, one by its URN and one new.</summary>
    public const string Bulk =
        """{"contacts": [{"urn": "tel:+250783835665", "fields": {"nickname": "Ben"}}, {"name": "Ana", "urns": ["whatsapp:5582999990000"]}]}""";

    /// <summary>Several faults of one body.</summary>
    public const string Faults =
        """{"language": ["Not a valid ISO639-3 language code."], "urns": {"1": ["Phone number must have at least 8 digits."]}}""";

    /// <summary>An example as JSON.</summary>
    /// <param name="json">The text.</param>
    public static JsonNode Node(string json) => JsonNode.Parse(json)!;
}
