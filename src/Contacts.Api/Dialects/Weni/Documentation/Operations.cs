using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Contacts.Dialects.Weni.Documentation;

/// <summary>
/// Documents the dialect's operations: the controllers read URLs and bodies themselves, so that every answer is the contract's, and this table says
/// what they read and answer. Summaries come from the controllers' own comments.
/// </summary>
internal sealed class Operations : IOperationFilter
{
    private const string Json = "application/json";

    private static readonly Parameter Cursor = new("cursor", "Where the page begins: taken from `next` and `previous`.");
    private static readonly Parameter Limit = new("limit", "The size of a page, 1 to 250.", JsonSchemaType.Integer);
    private static readonly Parameter Uuid = new("uuid", "The object's uuid, in lower case.", Format: "uuid");
    private static readonly Parameter Urn = new("urn", "A URN, its `+` encoded: `tel%3A%2B250783835665`.");

    private static readonly Parameter Before = new("before", "Changed at this time or earlier.", Format: "date-time");
    private static readonly Parameter After = new("after", "Changed at this time or later.", Format: "date-time");

    private static readonly Parameter[] ContactFilters =
    [
        Uuid, Urn, new("name", "A part of the name, in any case."), new("search", "A URN, or exactly a name."),
        new("group", "The uuid or name of a group that it is in."), Before, After,
        new("deleted", "The deleted contacts in place of the living ones.", JsonSchemaType.Boolean),
        new("reverse", "The reverse order.", JsonSchemaType.Boolean),
        new("order_by", "`created_on`, `-created_on` or `modified_on`; newest `modified_on` first when left out."), Limit, Cursor,
    ];

    private static readonly Dictionary<(string Endpoint, string Method), Operation> Table = new()
    {
        [("", "GET")] = new("listEndpoints", typeof(IReadOnlyDictionary<string, string>), [], Success: "The URLs by name."),
        [("workspace", "GET")] = new("readWorkspace", typeof(Workspace), [], Success: "The workspace."),
        [("flows", "GET")] = new(
            "listFlows", typeof(Listed<Flow>),
            [Uuid, new("type", "`message`, `voice`, `background` or `survey`."), new("archived", "Only those put away, or only those in use.", JsonSchemaType.Boolean), Before, After, Limit, Cursor],
            Missing: "Invalid cursor"),
        [("contacts", "GET")] = new("listContacts", typeof(Listed<Contact>), ContactFilters, Missing: "Invalid cursor"),
        [("contacts_lean", "GET")] = new("listLeanContacts", typeof(Listed<LeanContact>), ContactFilters, Missing: "Invalid cursor"),
        [("contact_actions", "POST")] = new(
            "actOnContacts", null, [], typeof(ContactActionBody), [("Into a group", Examples.AddToGroup), ("Blocked", Examples.Block)], Success: "Done."),
        [("contacts_bulk", "POST")] = new(
            "writeContacts", typeof(BulkAnswer), [], typeof(BulkBody), [("Two contacts", Examples.Bulk)], Success: "An answer per item, in their order."),
        [("contacts", "POST")] = new(
            "writeContact", typeof(Contact), [Uuid, Urn, new("name", "Exactly its name.")], typeof(ContactWriteBody),
            [("A new contact", Examples.NewContact), ("All of a contact, by uuid", Examples.ExistingContact), ("One field, by URN", Examples.ByUrn)],
            Creates: true),
        [("contacts", "DELETE")] = new("deleteContact", null, [Uuid, Urn, new("name", "Exactly its name.")]),
        [("fields", "GET")] = new("listFields", typeof(Listed<Field>), [new("key", "The field's key."), Limit, Cursor], Missing: "Invalid cursor"),
        [("fields", "POST")] = new(
            "writeField", typeof(Field), [new("key", "The key of the field to change.")], typeof(FieldWriteBody),
            [("A field", Examples.Field)], Creates: true),
        [("groups", "GET")] = new(
            "listGroups", typeof(Listed<Group>), [Uuid, new("name", "The whole name, in any case."), Limit, Cursor], Missing: "Invalid cursor"),
        [("groups", "POST")] = new(
            "writeGroup", typeof(Group), [Uuid], typeof(GroupWriteBody),
            [("A new group", Examples.Group), ("Another name, by uuid", Examples.RenamedGroup)], Creates: true),
        [("groups", "DELETE")] = new("deleteGroup", null, [Uuid]),
        [("campaigns", "GET")] = new("listCampaigns", typeof(Listed<Campaign>), [Uuid, Limit, Cursor], Missing: "Invalid cursor"),
        [("campaigns", "POST")] = new(
            "writeCampaign", typeof(Campaign), [Uuid], typeof(CampaignWriteBody), [("A campaign", Examples.Campaign)], Creates: true),
    };

    /// <inheritdoc />
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.DocumentName != Setup.Document || Endpoints.Find($"/{context.ApiDescription.RelativePath}/", out _) is not { } endpoint)
            return;
        var documented = Table[(endpoint.Name, context.ApiDescription.HttpMethod!)];
        operation.OperationId = documented.Id;
        operation.Parameters = [.. documented.Parameters.Select(Document)];
        var writes = !HttpMethods.IsGet(context.ApiDescription.HttpMethod!);
        if (writes)
            operation.Parameters.Add(IdempotencyKey());
        if (documented.Body is not null)
            operation.RequestBody = BodyOf(documented, context);
        operation.Responses = ResponsesOf(documented, context);
        if (writes)
            Add(operation.Responses, "409", "The key belongs to another call, or its call still runs.", typeof(Refused), context, null);
        Add(
            operation.Responses, "429", "Too many calls in an hour; `Retry-After` says when to try again.", typeof(Refused), context,
            """{"detail": "Request was throttled. Expected available in 3600 seconds."}""");
        Add(operation.Responses, "503", "Not now; `Retry-After` says when to try again.", typeof(Refused), context, null);
    }

    private static OpenApiParameter IdempotencyKey() => new()
    {
        Name = "Idempotency-Key",
        In = ParameterLocation.Header,
        Description = "A call that is sent again with the same key is not carried out again, for 24 hours. Ours.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
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

    private static OpenApiResponses ResponsesOf(Operation documented, OperationFilterContext context)
    {
        var responses = new OpenApiResponses();
        if (documented.Answer is null)
            responses["204"] = new OpenApiResponse { Description = documented.Success ?? "Deleted." };
        else
            Add(responses, "200", documented.Success ?? (documented.Creates ? "Updated." : "A page."), documented.Answer, context, null);
        if (documented.Creates)
            Add(responses, "201", "Created.", documented.Answer!, context, null);
        if (documented is { Body: null, Parameters.Length: > 0 })
            Add(responses, "400", "The URL is refused.", typeof(Refused), context, """{"detail": "Invalid URN: x:y"}""");
        else if (documented.Body is not null)
            responses["400"] = Faults();
        Add(responses, "403", "No credentials, or bad ones.", typeof(Refused), context, """{"detail": "Invalid token"}""");
        if (documented.Parameters.Length > 0)
            Add(responses, "404", "There is no such object.", typeof(Refused), context, $$"""{"detail": "{{documented.Missing}}"}""");
        Add(responses, "406", "The Accept header excludes JSON.", typeof(Refused), context, """{"detail": "Could not satisfy the request Accept header."}""");
        if (documented.Body is not null)
        {
            Add(responses, "413", "The body is too large.", typeof(Refused), context, """{"detail": "Request body is larger than 5000000 bytes."}""");
            Add(responses, "415", "The body is no JSON.", typeof(Refused), context, """{"detail": "Unsupported media type \"text/plain\" in request."}""");
        }

        return responses;
    }

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

    /// <summary>Texts by attribute, or by index or key within an attribute.</summary>
    private static OpenApiResponse Faults() => new()
    {
        Description = "The body is refused: every fault, by attribute, and by index or key within lists and objects. Faults of the URL or of the JSON "
            + "stand under `detail`, those of the whole body under `non_field_errors`.",
        Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
        {
            [Json] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() },
                Example = Examples.Node(Examples.Faults),
            },
        },
    };

    private sealed record Parameter(string Name, string Description, JsonSchemaType Type = JsonSchemaType.String, string? Format = null);

    private sealed record Operation(
        string Id,
        Type? Answer,
        Parameter[] Parameters,
        Type? Body = null,
        (string Name, string Json)[]? Examples = null,
        bool Creates = false,
        string Missing = "Not found.",
        string? Success = null);
}
