using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Contacts.Dialects.Whaapy.Documentation;

/// <summary>The dialect's OpenAPI document and its page.</summary>
internal static class Document
{
    private const string Scheme = "Bearer";

    /// <summary>Adds the document.</summary>
    /// <param name="options">Swashbuckle's options.</param>
    public static void AddWhaapyDocument(this SwaggerGenOptions options)
    {
        options.SwaggerDoc(Setup.Document, new OpenApiInfo
        {
            Title = "Contacts: Whaapy v1",
            Version = "v1",
            Description = "Whaapy's contacts and funnel API, self-hosted, over the same contact book. Paste your key (`wha_…`) into **Authorize**, then try any call. "
                + "Attributes may also be written in camel case.",
            License = new OpenApiLicense { Name = "MIT", Url = new Uri("https://opensource.org/license/mit") },
        });
        options.OperationFilter<Operations>();
        options.DocumentFilter<Keys>();
    }

    /// <summary>Adds the document to the page.</summary>
    /// <param name="options">Swashbuckle's options.</param>
    public static void UseWhaapyDocument(this SwaggerUIOptions options) => options.SwaggerEndpoint($"{Setup.Document}/swagger.json", "Whaapy v1");

    /// <summary>Keys are sent in another way than in the other documents of this server.</summary>
    private sealed class Keys : IDocumentFilter
    {
        /// <inheritdoc />
        public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
        {
            if (context.DocumentName != Setup.Document)
                return;
            swaggerDoc.Components ??= new OpenApiComponents();
            swaggerDoc.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Scheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "The key that `token create --dialect whaapy` printed.",
                },
            };
            swaggerDoc.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, swaggerDoc)] = [] }];
        }
    }
}
