using Contacts.Data;

namespace Contacts.Operations;

/// <summary>Answers a supervisor's questions: does the process live, can it serve.</summary>
internal static class Health
{
    /// <summary>Whether the process answers at all; the database does not count, since a restart would not mend it.</summary>
    public static Task LiveAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK, """{"status":"ok"}""");

    /// <summary>Whether requests can be served: 200 when the database is there, 503 otherwise. The watch asks for everybody, on its one connection.</summary>
    public static async Task ReadyAsync(HttpContext context)
    {
        if (await context.RequestServices.GetRequiredService<DatabaseWatch>().IsThereAsync(context.RequestAborted))
            await AnswerAsync(context, StatusCodes.Status200OK, """{"status":"ok","database":"ok"}""");
        else
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, """{"status":"unavailable","database":"unreachable"}""");
    }

    private static Task AnswerAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(body);
    }
}
