using System.Text.Json.Nodes;
using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Contacts.Management;

/// <summary>The API's OpenAPI document and its page.</summary>
internal static class Documentation
{
    private static readonly Dictionary<string, (Type Body, string Example)> Bodies = new(StringComparer.Ordinal)
    {
        ["createAutomation"] = (typeof(AutomationWrite), """{"name": "Welcome", "type": "message", "groups": ["Reporters"]}"""),
        ["mergeContacts"] = (
            typeof(MergeWrite), """{"keep": "019a9d2c-6f1e-7c43-9d0b-2f6f5a1c8e01", "merge": "019a9d2c-6f1e-7c43-9d0b-2f6f5a1c8e02"}"""),
        ["waitForCalls"] = (typeof(CallWait), """{"status": "429", "path": "contacts.json", "since": "2026-01-31T10:00:00Z", "count": 2, "timeout_ms": 30000}"""),
        ["createToken"] = (typeof(TokenWrite), """{"name": "n8n", "role": "editor", "dialect": "whaapy"}"""),
        ["createWebhook"] = (typeof(WebhookWrite), """{"name": "CRM", "url": "https://example.com/hooks", "events": ["*"]}"""),
        ["changeWebhook"] = (typeof(WebhookWrite), """{"active": true}"""),
        ["replayWebhook"] = (typeof(ReplaySpan), """{"since": "2026-01-31T10:00:00Z", "until": "2026-01-31T11:00:00Z"}"""),
        ["createWorkspace"] = (typeof(WorkspaceChanges), """{"name": "Shop in Recife", "country": "BR", "timezone": "America/Recife"}"""),
        ["createFault"] = (
            typeof(FaultWrite), """{"effect": "status", "status": 429, "retry_after_seconds": 2, "path": "/api/v2/contacts", "method": "POST", "times": 3}"""),
        ["setClock"] = (typeof(ClockWrite), """{"advance_seconds": 3600}"""),
        ["createSnapshot"] = (typeof(SnapshotWrite), """{"name": "seeded"}"""),
        ["reset"] = (typeof(ResetWrite), """{"snapshot": "seeded"}"""),
        ["seed"] = (
            typeof(SeedWrite),
            """
            {
              "fields": [{"label": "Nickname", "type": "text"}],
              "groups": ["Devs"],
              "contacts": [{"name": "Ana", "language": "por", "urns": ["tel:+5582999331122"], "groups": ["Devs"], "fields": {"nickname": "Aninha"}}],
              "flows": [{"name": "Welcome", "type": "message", "groups": ["Devs"]}]
            }
            """),
        ["changeWorkspace"] = (typeof(WorkspaceChanges), """{"timezone": "America/Sao_Paulo", "anonymous": true, "hourly_limit": 2500}"""),
    };

    /// <summary>Adds the document.</summary>
    /// <param name="options">Swashbuckle's options.</param>
    public static void AddManagementDocument(this SwaggerGenOptions options)
    {
        options.SwaggerDoc(Setup.Document, new OpenApiInfo
        {
            Title = "Contacts: management",
            Version = "v1",
            Description = "Flows, campaigns, triggers, tokens, webhooks, duplicates, recorded calls, the workspace's settings, further workspaces and the bench for tests: "
                + "what Weni's public API leaves to its web interface. "
                + "For tokens of administrators. Refusals are problem documents (RFC 9457), with `errors` by attribute.",
        });
        options.MapType(typeof(Optional<>), () => new OpenApiSchema());
        options.OperationFilter<RequestBodies>();
        options.SchemaFilter<Changes>();
    }

    /// <summary>Adds the document to the page.</summary>
    /// <param name="options">Swashbuckle's options.</param>
    public static void UseManagementDocument(this SwaggerUIOptions options) => options.SwaggerEndpoint($"{Setup.Document}/swagger.json", "Management");

    /// <summary>The controllers read bodies themselves, so that all faults are told at once; this says what they read.</summary>
    private sealed class RequestBodies : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            if (context.DocumentName != Setup.Document || operation.OperationId is null || !Bodies.TryGetValue(operation.OperationId, out var body))
                return;
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
                {
                    [Setup.Json] = new OpenApiMediaType
                    {
                        Schema = context.SchemaGenerator.GenerateSchema(body.Body, context.SchemaRepository),
                        Example = JsonNode.Parse(body.Example),
                    },
                },
            };
        }
    }

    /// <summary>Changes of settings have the settings' own types, and none is required.</summary>
    private sealed class Changes : ISchemaFilter
    {
        public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
        {
            if (context.Type != typeof(WorkspaceChanges) || schema is not OpenApiSchema { Properties: { } properties } changes)
                return;
            context.SchemaGenerator.GenerateSchema(typeof(WorkspaceRead), context.SchemaRepository);
            var settings = context.SchemaRepository.Schemas[nameof(WorkspaceRead)].Properties!;
            foreach (var name in properties.Keys.ToList())
                properties[name] = settings[name];
            changes.Required?.Clear();
        }
    }
}
