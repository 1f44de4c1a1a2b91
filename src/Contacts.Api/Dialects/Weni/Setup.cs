using Contacts.Operations;
using FluentValidation;

namespace Contacts.Dialects.Weni;

/// <summary>Puts the dialect into the server.</summary>
internal static class Setup
{
    /// <summary>The name of the dialect's OpenAPI document.</summary>
    public const string Document = "weni-v2";

    /// <summary>The dialect that its keys are made for.</summary>
    public const string Dialect = "weni";

    /// <summary>Its controllers.</summary>
    public static readonly Controllers Controllers = new(
        Dialect,
        typeof(CampaignsController), typeof(ContactActionsController), typeof(ContactsBulkController), typeof(ContactsController),
        typeof(ContactsLeanController), typeof(FieldsController), typeof(FlowsController), typeof(GroupsController), typeof(IndexController),
        typeof(WorkspaceController));

    /// <summary>The dialect's services.</summary>
    /// <param name="services">The server's services.</param>
    public static IServiceCollection AddWeniDialect(this IServiceCollection services) => services
        .AddSingleton(Rules.All)
        .AddSingleton<IValidator<ContactWrite>, ContactWriteValidator>()
        .AddSingleton<IValidator<ContactActionWrite>, ContactActionWriteValidator>()
        .AddSingleton<ContactBodies>()
        .AddSingleton<ContactBulk>().AddSingleton<ContactLines>()
        .AddSingleton<GroupReferences>()
        .AddSingleton<ContactLists>()
        .AddSingleton<IValidator<FieldWrite>, FieldWriteValidator>()
        .AddSingleton<IValidator<GroupWrite>, GroupWriteValidator>()
        .AddSingleton<IValidator<CampaignWrite>, CampaignWriteValidator>();

    /// <summary>What the dialect's calls pass before routing.</summary>
    /// <param name="app">The server.</param>
    public static IApplicationBuilder UseWeniDialect(this IApplicationBuilder app) => app.UseMiddleware<Gate>().UseMiddleware<IdempotentCalls>();
}
