using System.Text.Json.Nodes;

namespace Contacts.Dialects.Whaapy.Documentation;

/// <summary>The page's own examples.</summary>
internal static class Examples
{
    /// <summary>The least that makes a contact.</summary>
    public const string Basic = """{"phone_number": "+5215512345678", "name": "Juan Pérez"}""";

    /// <summary>A contact with all that people usually know.</summary>
    public const string Complete =
        """
        {
          "phone_number": "+5215512345678",
          "name": "Juan Pérez",
          "email": "juan@email.com",
          "tags": ["cliente", "premium"],
          "custom_fields": {"company": "Acme Inc", "role": "CEO", "contract_value": 50000},
          "external_ids": {"hubspot": "abc123"},
          "notes": "Contacto referido por María García",
          "source": "api",
          "company": "Acme Inc",
          "city": "Ciudad de México",
          "country": "MX"
        }
        """;

    /// <summary>A contact changed in part.</summary>
    public const string Change = """{"name": "Juan Pérez López", "add_tags": ["vip"], "remove_tags": ["premium"], "custom_fields": {"role": null}}""";

    /// <summary>A contact to join to another one.</summary>
    public const string Merge = """{"mergeWith": "550e8400-e29b-41d4-a716-446655440001"}""";

    /// <summary>A search with operators.</summary>
    public const string Search =
        """
        {
          "filters": {"tags": {"all": ["cliente", "premium"]}, "last_contact_at": {"before": "2026-01-01T00:00:00Z"}},
          "sort": {"field": "last_contact_at", "order": "asc"},
          "limit": 50
        }
        """;

    /// <summary>Two contacts moved.</summary>
    public const string BulkMove =
        """
        {
          "operation": "set_funnel_stage",
          "contact_ids": ["550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440001"],
          "funnel_stage_id": "550e8400-e29b-41d4-a716-446655440003"
        }
        """;

    /// <summary>Contacts tagged.</summary>
    public const string BulkTag = """{"operation": "tag", "contact_ids": ["550e8400-e29b-41d4-a716-446655440000"], "tags": ["vip"]}""";

    /// <summary>A stage.</summary>
    public const string Stage = """{"name": "Negotiation", "color": "#f59e0b"}""";

    /// <summary>A stage changed.</summary>
    public const string StageChange = """{"name": "Hot Lead", "color": "#ef4444"}""";

    /// <summary>An order of stages.</summary>
    public const string Order = """{"stage_ids": ["550e8400-e29b-41d4-a716-446655440002", "550e8400-e29b-41d4-a716-446655440000"]}""";

    /// <summary>A move.</summary>
    public const string Move = """{"stage_id": "550e8400-e29b-41d4-a716-446655440003"}""";

    /// <summary>A webhook of every event.</summary>
    public const string Webhook = """{"name": "CRM", "url": "https://example.com/hooks", "events": ["*"]}""";

    /// <summary>A webhook switched on.</summary>
    public const string WebhookChange = """{"isActive": true}""";

    /// <summary>Several faults of one body.</summary>
    public const string Invalid =
        """
        {
          "error": "validation_error",
          "message": "Datos inválidos",
          "details": {"phone_number": ["Formato inválido. Usar E.164: +5215512345678"], "email": ["Email inválido"]}
        }
        """;

    /// <summary>A number that somebody has.</summary>
    public const string Duplicate =
        """
        {
          "error": "duplicate_contact",
          "message": "Ya existe un contacto con este número de teléfono",
          "existing_contact_id": "550e8400-e29b-41d4-a716-446655440000"
        }
        """;

    /// <summary>An example as JSON.</summary>
    /// <param name="json">The text.</param>
    public static JsonNode Node(string json) => JsonNode.Parse(json)!;
}
