using Contacts.Operations;
using FluentValidation;

namespace Contacts.Dialects.Whaapy;

/// <summary>Puts the dialect into the server.</summary>
internal static class Setup
{
    /// <summary>The name of the dialect's OpenAPI document.</summary>
    public const string Document = "whaapy-v1";

    /// <summary>The dialect that its keys are made for.</summary>
    public const string Dialect = "whaapy";

    private const string CreatedKey = "Contacts:Whaapy:CreatedStatus";

    /// <summary>The dialect's services.</summary>
    /// <param name="services">The server's services.</param>
    public static IServiceCollection AddWhaapyDialect(this IServiceCollection services) => services
        .AddSingleton(provider => CreatedStatusOf(provider.GetRequiredService<IConfiguration>()))
        .AddSingleton<IValidator<ContactWrite>, ContactWriteValidator>()
        .AddSingleton<IValidator<StageWrite>, StageWriteValidator>()
        .AddSingleton<ContactBodies>()
        .AddSingleton<ContactBulk>();

    /// <summary>What the dialect's calls pass before routing.</summary>
    /// <param name="app">The server.</param>
    /// <exception cref="StartRefusedException">A setting is wrong.</exception>
    public static IApplicationBuilder UseWhaapyDialect(this IApplicationBuilder app)
    {
        app.ApplicationServices.GetRequiredService<CreatedStatus>();
        return app.UseMiddleware<Gate>();
    }

    private static CreatedStatus CreatedStatusOf(IConfiguration configuration) => (configuration[CreatedKey] ?? "201") switch
    {
        "201" => new CreatedStatus(StatusCodes.Status201Created),
        "200" => new CreatedStatus(StatusCodes.Status200OK),
        var text => throw new StartRefusedException($"{CreatedKey}: \"{text}\" is neither 201 nor 200."),
    };
}

/// <summary>The status that answers the creation of a contact or stage: 201, or 200 for clients that take no other. The original's is not published.</summary>
/// <param name="Status">The status.</param>
public sealed record CreatedStatus(int Status);
