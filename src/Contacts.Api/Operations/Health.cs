using Npgsql;

namespace Contacts.Operations;

/// <summary>Answers a supervisor's questions: does the process live, can it serve.</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether the process answers at all; the database does not count, since a restart would not mend it.</summary>
    public static Task LiveAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK, """{"status":"ok"}""");

    /// <summary>Whether requests can be served: 200 when the database answers within two seconds, 503 otherwise.</summary>
    public static async Task ReadyAsync(HttpContext context)
    {
        if (await IsReachableAsync(context.RequestServices.GetRequiredService<NpgsqlDataSource>(), context.RequestAborted))
            await AnswerAsync(context, StatusCodes.Status200OK, """{"status":"ok","database":"ok"}""");
        else
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, """{"status":"unavailable","database":"unreachable"}""");
    }

    private static async Task<bool> IsReachableAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(limit.Token);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(body);
    }
}
