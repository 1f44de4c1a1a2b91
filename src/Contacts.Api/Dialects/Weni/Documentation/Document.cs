using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Contacts.Dialects.Weni.Documentation;

/// <summary>The dialect's OpenAPI document and its page.</summary>
internal static class Document
{
    private const string Scheme = "Token";

    // People paste the key alone; the header wants the word before it.
    private const string AddTheWord =
        "(request) => { const key = request.headers.Authorization; "
        + "if (key && !/^(token|basic|bearer)\\s/i.test(key)) request.headers.Authorization = 'Token ' + key; return request; }";

    /// <summary>Adds the document.</summary>
    /// <param name="options">Swashbuckle's options.</param>
    public static void AddWeniDocument(this SwaggerGenOptions options)
    {
        options.SwaggerDoc(Setup.Document, new OpenApiInfo
        {
            Title = "Contacts: Weni v2",
            Version = "v2",
            Description = "Weni's contacts API, self-hosted. Paste your token into **Authorize**, then try any call.",
            License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
        });
        options.AddServer(new OpenApiServer { Url = "/", Description = "The server that this document came from." });
        options.AddSecurityDefinition(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "Authorization",
            Description = "The key that `./run.sh` printed, or `Token` and the key.",
        });
        options.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] });
        options.OperationFilter<Operations>();
        options.SchemaFilter<OptionalAttributes>();
    }

    /// <summary>
    /// Nothing of a contact's body is required, and answers have every attribute, be it null: a typed client shall not ask whether it is there.
    /// </summary>
    private sealed class OptionalAttributes : ISchemaFilter
    {
        private static readonly Type[] Bodies =
        [
            typeof(BulkBody), typeof(BulkItem), typeof(BulkResult), typeof(CampaignWriteBody), typeof(ContactActionBody), typeof(ContactWriteBody),
            typeof(FieldWriteBody), typeof(GroupWriteBody),
        ];

        /// <inheritdoc />
        public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
        {
            if (context.Type == typeof(ContactWriteBody))
                schema.Required?.Clear();
            else if (IsAnswer(context.Type) && schema is OpenApiSchema { Properties: { } all } answer)
                answer.Required = new HashSet<string>(all.Keys, StringComparer.Ordinal);
        }

        private static bool IsAnswer(Type type) => type.Namespace == typeof(Document).Namespace && !Bodies.Contains(type);
    }

    /// <summary>Adds the document to the page.</summary>
    /// <param name="options">Swashbuckle's options.</param>
    public static void UseWeniDocument(this SwaggerUIOptions options)
    {
        options.SwaggerEndpoint($"{Setup.Document}/swagger.json", "Weni v2");
        options.UseRequestInterceptor(AddTheWord);
    }
}
