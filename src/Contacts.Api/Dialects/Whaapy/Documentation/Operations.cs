using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Contacts.Dialects.Whaapy.Documentation;

/// <summary>
/// Documents the dialect's operations: the controllers read URLs and bodies themselves, so that every answer is the contract's, and this table says
/// what they read and answer. Summaries come from the controllers' own comments.
/// </summary>
internal sealed class Operations : IOperationFilter
{
    private const string Json = "application/json";
    private const string OneContact = "contacts/v1/{id}";
    private const string OneStage = "funnel/v1/stages/{id}";

    private static readonly Parameter[] ListParameters =
    [
        new("search", "A part of the name, phone number or e-mail address."), new("tags", "Tags that all must be there, with commas between them."),
        new("funnel_stage_id", "The stage that it is in.", Format: "uuid"), new("source", "Where it came from."),
        new("sort_by", "`created_at`, `updated_at` or `name`."), new("sort_order", "`asc` or `desc`."),
        new("limit", "The size of a page, 1 to 100.", JsonSchemaType.Integer), new("cursor", "Where the page begins: `next_cursor` of the page before."),
    ];

    private static readonly Dictionary<(string Path, string Method), Operation> Table = new()
    {
        [("contacts/v1", "POST")] = new(
            "createContact", typeof(ContactAnswer), typeof(ContactBody), [("The least", Examples.Basic), ("Complete", Examples.Complete)], "201"),
        [("contacts/v1", "GET")] = new("listContacts", typeof(ContactPage)) { Parameters = ListParameters },
        [(OneContact, "GET")] = new("readContact", typeof(ContactWithConversations)),
        [(OneContact, "PATCH")] = new("updateContact", typeof(ContactAnswer), typeof(ContactBody), [("In part", Examples.Change)]),
        [(OneContact, "DELETE")] = new("deleteContact", typeof(DoneAnswer)),
        [("contacts/v1/{id}/merge", "POST")] = new("mergeContact", typeof(ContactAnswer), typeof(MergeBody), [("A merge", Examples.Merge)]),
        [("contacts/check-phone", "GET")] = new("checkPhone", typeof(PhoneAnswer)) { Parameters = [new("phone", "E.164; the plus may be missing.")] },
        [("contacts/v1/search", "POST")] = new("searchContacts", typeof(SearchAnswer), typeof(SearchBody), [("By tags and time", Examples.Search)]),
        [("contacts/v1/bulk", "POST")] = new(
            "writeContacts", typeof(BulkAnswer), typeof(BulkBody), [("Move", Examples.BulkMove), ("Tag", Examples.BulkTag)]),
        [("contacts/v1/tags", "GET")] = new("listTags", typeof(TagsAnswer)),
        [("contacts/v1/fields", "GET")] = new("listFields", typeof(FieldsAnswer)),
        [("funnel/v1/stages", "GET")] = new("listStages", typeof(StagesAnswer)),
        [("funnel/v1/stages", "POST")] = new("createStage", typeof(StageAnswer), typeof(StageBody), [("A stage", Examples.Stage)], "201"),
        [(OneStage, "GET")] = new("readStage", typeof(StageAnswer)),
        [(OneStage, "PATCH")] = new("updateStage", typeof(StageAnswer), typeof(StageBody), [("A stage", Examples.StageChange)]),
        [(OneStage, "DELETE")] = new("deleteStage", typeof(DoneAnswer)),
        [("funnel/v1/stages/reorder", "PATCH")] = new("reorderStages", typeof(OrderedAnswer), typeof(OrderBody), [("An order", Examples.Order)]),
        [("funnel/v1/contacts/{id}/move", "POST")] = new("moveContact", typeof(MoveAnswer), typeof(MoveBody), [("A move", Examples.Move)]),
        [("user-webhooks", "GET")] = new("listWebhooks", typeof(WebhooksAnswer)),
        [("user-webhooks", "POST")] = new("createWebhook", typeof(WebhookAnswer), typeof(WebhookBody), [("All events", Examples.Webhook)], "201"),
        [("user-webhooks/{id}", "PATCH")] = new("updateWebhook", typeof(WebhookAnswer), typeof(WebhookBody), [("On again", Examples.WebhookChange)]),
        [("user-webhooks/{id}", "DELETE")] = new("deleteWebhook", typeof(DoneAnswer)),
        [("user-webhooks/{id}/test", "POST")] = new("testWebhook", typeof(TestAnswer)),
        [("user-webhooks/{id}/logs", "GET")] = new("listWebhookLogs", typeof(LogAnswer))
        {
            Parameters = [new("limit", "How many, 1 to 100.", JsonSchemaType.Integer)],
        },
        [("auth/me", "GET")] = new("readAccount", typeof(AccountAnswer)),
        [("templates/v1", "GET")] = new("listTemplates", typeof(TemplatesAnswer)),
    };

    /// <inheritdoc />
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.DocumentName != Setup.Document)
            return;
        var path = context.ApiDescription.RelativePath!;
        var documented = Table[(path, context.ApiDescription.HttpMethod!)];
        operation.OperationId = documented.Id;
        operation.Parameters = [.. documented.Parameters.Select(Document)];
        var names = path.Contains("{id}", StringComparison.Ordinal);
        if (names)
            operation.Parameters.Add(Id());
        if (documented.Body is not null)
            operation.RequestBody = BodyOf(documented, context);
        operation.Responses = new OpenApiResponses();
        Add(operation.Responses, documented.Status, "Done.", documented.Answer, context, null);
        if (documented.Body is not null || documented.Parameters.Length > 0)
            Add(operation.Responses, "400", "The request is refused: every fault, by attribute.", typeof(Refused), context, Examples.Invalid);
        Add(operation.Responses, "401", "No key, or a bad one.", typeof(Refused), context, """{"error": "unauthorized", "message": "API key inválida"}""");
        Add(operation.Responses, "403", "The key may not do this.", typeof(Refused), context, null);
        if (names)
            Add(operation.Responses, "404", "There is no such object.", typeof(Refused), context, null);
        if (documented.Body == typeof(ContactBody))
            Add(operation.Responses, "409", "Somebody has the number or e-mail address.", typeof(Refused), context, Examples.Duplicate);
        Add(operation.Responses, "429", "Too many calls in a minute; `Retry-After` says when to try again.", typeof(Refused), context, null);
    }

    private static OpenApiParameter Id() => new()
    {
        Name = "id",
        In = ParameterLocation.Path,
        Required = true,
        Description = "The object's id.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
    };

    private static OpenApiParameter Document(Parameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Description = parameter.Description,
        Schema = new OpenApiSchema { Type = parameter.Type, Format = parameter.Format },
    };

    private static OpenApiRequestBody BodyOf(Operation documented, OperationFilterContext context) => new()
    {
        Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
        {
            [Json] = new OpenApiMediaType
            {
                Schema = context.SchemaGenerator.GenerateSchema(documented.Body, context.SchemaRepository),
                Examples = documented.Examples!.ToDictionary(
                    example => example.Name, IOpenApiExample (example) => new OpenApiExample { Value = Examples.Node(example.Json) }),
            },
        },
    };

    private static void Add(OpenApiResponses responses, string status, string description, Type answer, OperationFilterContext context, string? example) =>
        responses[status] = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
            {
                [Json] = new OpenApiMediaType
                {
                    Schema = context.SchemaGenerator.GenerateSchema(answer, context.SchemaRepository),
                    Example = example is null ? null : Examples.Node(example),
                },
            },
        };

    private sealed record Parameter(string Name, string Description, JsonSchemaType Type = JsonSchemaType.String, string? Format = null);

    private sealed record Operation(
        string Id, Type Answer, Type? Body = null, (string Name, string Json)[]? Examples = null, string Status = "200")
    {
        public Parameter[] Parameters { get; init; } = [];
    }
}
