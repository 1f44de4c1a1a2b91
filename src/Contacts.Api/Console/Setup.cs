using System.Text.Encodings.Web;
using System.Text.Unicode;
using Contacts.Audit;
using Contacts.Console.Layout;
using Contacts.Console.Pages.Log;
using Contacts.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Contacts.Console;

/// <summary>Puts the web interface into the server: pages that are rendered here, without a circuit and with next to no script (decision 21).</summary>
internal static class Setup
{
    /// <summary>The pages' services.</summary>
    /// <param name="services">The server's services, with the book's.</param>
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "contacts_form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

            // The gate sends the stricter one.
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddDataProtection().SetApplicationName("contacts");

        // The framework reads the keys at the start. Who guards no form needs neither them nor what reads them: XML and EF Core.
        services.Remove(services.Single(service => service.ImplementationType?.Name == "DataProtectionHostedService"));
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new FormKeys(provider.GetRequiredService<IDbContextFactory<ContactsDb>>(), provider.GetRequiredService<TimeProvider>())));

        // Letters of every language go as they are; what means something to a browser is still escaped.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        return services.AddScoped<Words>().AddSingleton<Sessions>().AddSingleton<OnceShown>()
            .AddSingleton<CallStream>().AddSingleton<CallAgain>().AddSingleton<ContractExamples>();
    }

    /// <summary>The pages.</summary>
    /// <param name="app">The server, with its routing.</param>
    public static WebApplication UseConsole(this WebApplication app)
    {
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(Ways.Root, StringComparison.OrdinalIgnoreCase),
            pages => pages.UseMiddleware<Gate>().UseAntiforgery().Use(next => context => FailurePage.PassAsync(context, next)).UseMiddleware<AuditedForms>());
        app.MapGet("/", (HttpContext context) => Results.LocalRedirect($"~{Ways.Root}/calls")).ExcludeFromDescription();
        app.MapGet($"{Ways.Root}/", (HttpContext context) => Results.LocalRedirect($"~{Ways.Root}/calls")).ExcludeFromDescription();
        OwnFiles.Map(app);
        Preferences.Map(app);
        Downloads.Map(app);
        CallStream.Map(app);
        app.MapRazorComponents<Frame>();
        return app;
    }
}
