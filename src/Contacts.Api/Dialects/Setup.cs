using System.Text.Json;
using Contacts.Dialects.Weni;
using Contacts.Dialects.Weni.Documentation;
using Contacts.Dialects.Whaapy;
using Contacts.Management;
using Contacts.Webhooks;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Contacts.Dialects;

/// <summary>Puts the dialects and their documentation into the server. A new dialect adds its line to each method.</summary>
public static class Setup
{
    /// <summary>The dialects' services.</summary>
    /// <param name="services">The server's services.</param>
    public static IServiceCollection AddDialects(this IServiceCollection services)
    {
        // MVC would read a form's body before the dialect does.
        services.AddControllers(options =>
        {
            options.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
            options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
            options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
        }).AddJsonOptions(options => options.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        services.AddWeniDialect();
        services.AddSingleton<EventRendering>(WebhookBodies.Render);
        return services.AddSwaggerGen(options =>
        {
            options.IncludeXmlComments(typeof(Setup).Assembly, includeControllerXmlComments: true);
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.DocInclusionPredicate((document, operation) => operation.GroupName == document && operation.HttpMethod != HttpMethods.Head);
            options.AddWeniDocument();
            options.AddManagementDocument();
        });
    }

    /// <summary>What calls pass before routing, the dialects' routes, and the pages at <c>/swagger</c>.</summary>
    /// <param name="app">The server.</param>
    public static WebApplication UseDialects(this WebApplication app)
    {
        app.UseWeniDialect();

        // Said here, routing comes after the dialects: what they answer themselves is not routed, and they may send a call to another endpoint.
        app.UseRouting();
        app.UseSwagger();
        app.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "Contacts";
            options.RoutePrefix = "swagger";
            options.EnableDeepLinking();
            options.EnablePersistAuthorization();
            options.DefaultModelsExpandDepth(0);
            options.UseWeniDocument();
            options.UseManagementDocument();
        });
        app.MapControllers();
        return app;
    }
}
