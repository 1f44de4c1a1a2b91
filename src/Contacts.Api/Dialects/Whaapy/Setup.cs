using Contacts.Operations;
using Contacts.Webhooks;
using FluentValidation;

namespace Contacts.Dialects.Whaapy;

/// <summary>Puts the dialect into the server.</summary>
internal static class Setup
{
    /// <summary>The name of the dialect's OpenAPI document.</summary>
    public const string Document = "whaapy-v1";

    /// <summary>The dialect that its keys are made for.</summary>
    public const string Dialect = "whaapy";

    /// <summary>Its controllers.</summary>
    public static readonly Controllers Controllers = new(
        Dialect,
        typeof(AccountController), typeof(ContactsBulkController), typeof(ContactsController), typeof(ContactsSearchController),
        typeof(FunnelController), typeof(UserWebhooksController));

    /// <summary>The dialect's services.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="saysCreated">Whether a creation is answered with 201; else with 200.</param>
    public static IServiceCollection AddWhaapyDialect(this IServiceCollection services, bool saysCreated) => services
        .AddSingleton(new CreatedStatus(saysCreated ? StatusCodes.Status201Created : StatusCodes.Status200OK))
        .AddSingleton(Rules.All)
        .AddSingleton<IValidator<ContactWrite>, ContactWriteValidator>()
        .AddSingleton<IValidator<StageWrite>, StageWriteValidator>()
        .AddSingleton<ContactBodies>()
        .AddSingleton<ContactBulk>()
        .AddSingleton<EventRendering>(WebhookBodies.Render);

    /// <summary>What the dialect's calls pass before routing.</summary>
    /// <param name="app">The server.</param>
    public static IApplicationBuilder UseWhaapyDialect(this IApplicationBuilder app) => app.UseMiddleware<Gate>();
}

/// <summary>The status that answers the creation of a contact or stage. The original's is not published.</summary>
/// <param name="Status">201 or 200.</param>
public sealed record CreatedStatus(int Status);
