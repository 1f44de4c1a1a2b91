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
        + "if (key && !/^(token|basic)\\s/i.test(key)) request.headers.Authorization = 'Token ' + key; return request; }";

    /// <summary>Adds the document.</summary>
    /// <param name="options">Swashbuckle's options.</param>
    public static void AddWeniDocument(this SwaggerGenOptions options)
    {
        options.SwaggerDoc(Setup.Document, new OpenApiInfo
        {
            Title = "Contacts: Weni v2",
            Version = "v2",
            Description = "Weni's contacts API, self-hosted. Paste your token into **Authorize**, then try any call.",
        });
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

    /// <summary>Nothing of a contact's body is required, and nothing but what says so may be null.</summary>
    private sealed class OptionalAttributes : ISchemaFilter
    {
        /// <inheritdoc />
        public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
        {
            if (context.Type == typeof(ContactWriteBody))
                schema.Required?.Clear();
        }
    }

    /// <summary>Adds the document to the page.</summary>
    /// <param name="options">Swashbuckle's options.</param>
    public static void UseWeniDocument(this SwaggerUIOptions options)
    {
        options.SwaggerEndpoint($"{Setup.Document}/swagger.json", "Weni v2");
        options.UseRequestInterceptor(AddTheWord);
    }
}
