using System.Text.Json;
using Contacts.Dialects.Weni;
using Contacts.Dialects.Weni.Documentation;
using Contacts.Dialects.Whaapy;
using Contacts.Dialects.Whaapy.Documentation;
using Contacts.Management;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Contacts.Dialects;

/// <summary>Puts the dialects and their documentation into the server. A new dialect adds its line to each method.</summary>
public static class Setup
{
    /// <summary>The dialects' services.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="whaapySaysCreated">Whether Whaapy's API answers a creation with 201; else with 200.</param>
    public static IServiceCollection AddDialects(this IServiceCollection services, bool whaapySaysCreated)
    {
        // MVC would read a form's body before the dialect does.
        // What AddControllers adds beyond these, no dialect uses, and its middleware would cost every call: each gate has its own credentials.
        services.AddMvcCore(options =>
        {
            options.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
            options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
            options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
        }).ConfigureApplicationPartManager(NameControllers)
            .AddApiExplorer().AddDataAnnotations().AddJsonOptions(options => options.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        services.AddSingleton<FaultInjection>();
        services.AddWeniDialect().AddWhaapyDialect(whaapySaysCreated);
        return services.AddSwaggerGen(options =>
        {
            options.IncludeXmlComments(typeof(Setup).Assembly, includeControllerXmlComments: true);
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            options.DocInclusionPredicate((document, operation) => operation.GroupName == document && operation.HttpMethod != HttpMethods.Head);
            options.AddWeniDocument();
            options.AddWhaapyDocument();
            options.AddManagementDocument();
        });
    }

    private static void NameControllers(ApplicationPartManager parts)
    {
        parts.ApplicationParts.Clear();
        parts.ApplicationParts.Add(Weni.Setup.Controllers);
        parts.ApplicationParts.Add(Whaapy.Setup.Controllers);
        parts.ApplicationParts.Add(Management.Setup.Controllers);
    }

    /// <summary>What calls pass before routing, the dialects' routes, and the pages at <c>/swagger</c>.</summary>
    /// <param name="app">The server.</param>
    public static WebApplication UseDialects(this WebApplication app)
    {
        app.UseWeniDialect();
        app.UseWhaapyDialect();

        // Said here, routing comes after the dialects: what they answer themselves is not routed, and they may send a call to another endpoint.
        app.UseRouting();
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase), UsePages);
        app.MapControllers();
        return app;
    }

    private static void UsePages(IApplicationBuilder pages)
    {
        pages.UseSwagger();
        pages.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "Contacts";
            options.RoutePrefix = "swagger";
            options.EnableDeepLinking();
            options.EnablePersistAuthorization();
            options.DefaultModelsExpandDepth(0);
            options.UseWeniDocument();
            options.UseWhaapyDocument();
            options.UseManagementDocument();
        });
    }
}
