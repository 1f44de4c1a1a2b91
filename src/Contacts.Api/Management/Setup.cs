using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Contacts.Operations;
using Contacts.Webhooks;
using Contacts.Workspaces;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;

namespace Contacts.Management;

/// <summary>Puts the management API into the server: our own, in no dialect, by the standards of HTTP.</summary>
internal static class Setup
{
    /// <summary>Where the API lives.</summary>
    public const string Root = "/manage/api";

    /// <summary>The name of its OpenAPI document.</summary>
    public const string Document = "management";

    /// <summary>The media type of answers.</summary>
    public const string Json = "application/json";

    /// <summary>The media type of refusals, RFC 9457.</summary>
    public const string Problem = "application/problem+json";

    /// <summary>Its controllers.</summary>
    public static readonly Controllers Controllers = new(
        Document,
        typeof(AuditController), typeof(AutomationsController), typeof(CallsController), typeof(ClockController), typeof(DuplicatesController),
        typeof(FaultsController), typeof(ResetController), typeof(SeedController), typeof(SnapshotsController), typeof(TokensController),
        typeof(WebhookDeliveriesController), typeof(WebhooksController), typeof(WorkspaceController), typeof(WorkspacesController));

    /// <summary>The API's services.</summary>
    /// <param name="services">The server's services, with its controllers.</param>
    public static IServiceCollection AddManagement(this IServiceCollection services)
    {
        services.Configure<JsonOptions>(options =>
            options.JsonSerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)));
        services.PostConfigure<MvcOptions>(ReadUtf8Alone);
        services.Configure<ApiBehaviorOptions>(options => options.InvalidModelStateResponseFactory = RefuseUnreadable);
        services.Configure<ProblemDetailsOptions>(options => options.CustomizeProblemDetails = context =>
        {
            // The id that the log knows the request by, in place of the trace's.
            context.ProblemDetails.Extensions.Remove("traceId");
            context.ProblemDetails.Extensions["request_id"] = context.HttpContext.TraceIdentifier;
        });
        return services
            .AddSingleton<IValidator<AutomationListing>, AutomationListingValidator>()
            .AddSingleton<IValidator<FaultWrite>, FaultWriteValidator>()
            .AddSingleton<SeedReading>()
            .AddSingleton<IValidator<AuditListing>, AuditListingValidator>()
            .AddSingleton<IValidator<CallListing>, CallListingValidator>()
            .AddSingleton<IValidator<CallWait>, CallWaitValidator>()
            .AddSingleton<IValidator<DuplicateListing>, DuplicateListingValidator>()
            .AddSingleton<IValidator<AutomationWrite>, AutomationWriteValidator>()
            .AddSingleton<IValidator<TokenWrite>, TokenWriteValidator>()
            .AddSingleton<IValidator<WebhookChanges>, WebhookChangesValidator>()
            .AddSingleton<IValidator<WorkspaceChanges>, WorkspaceChangesValidator>();
    }

    /// <summary>What the API's calls pass before their controllers.</summary>
    /// <param name="app">The server.</param>
    public static IApplicationBuilder UseManagement(this IApplicationBuilder app) => app.UseMiddleware<Gate>();

    /// <summary>JSON between systems is UTF-8 (RFC 8259, 8.1). MVC reads UTF-16 too, and fails on half a letter of it.</summary>
    private static void ReadUtf8Alone(MvcOptions options)
    {
        foreach (var formatter in options.InputFormatters.OfType<SystemTextJsonInputFormatter>())
        {
            formatter.SupportedEncodings.Clear();
            formatter.SupportedEncodings.Add(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
    }

    /// <summary>A request that MVC could not read: JSON that is none stands under <c>body</c>, a query parameter under its name.</summary>
    private static ObjectResult RefuseUnreadable(ActionContext context)
    {
        var problem = new ValidationProblemDetails(context.ModelState) { Status = StatusCodes.Status400BadRequest };
        foreach (var (key, texts) in problem.Errors.Where(error => error.Key.Length == 0 || error.Key[0] == '$').ToList())
        {
            problem.Errors.Remove(key);
            problem.Errors["body"] = texts;
        }

        context.HttpContext.RequestServices.GetRequiredService<Microsoft.Extensions.Options.IOptions<ProblemDetailsOptions>>()
            .Value.CustomizeProblemDetails?.Invoke(new ProblemDetailsContext { HttpContext = context.HttpContext, ProblemDetails = problem });
        return new ObjectResult(problem) { StatusCode = problem.Status, ContentTypes = { Problem } };
    }
}
