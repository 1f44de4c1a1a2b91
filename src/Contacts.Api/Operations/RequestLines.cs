using System.Diagnostics;

namespace Contacts.Operations;

/// <summary>
/// One log line per request. The query string is left out: look-ups hold phone numbers. Questions after the server's health are logged
/// at Debug, since they come every few seconds.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="log">The log.</param>
internal sealed partial class RequestLines(RequestDelegate next, ILogger<RequestLines> log)
{
    private const int ClientGone = 499;

    /// <summary>Lets a call through and writes down what came of it.</summary>
    /// <param name="context">The call.</param>
    public Task InvokeAsync(HttpContext context)
    {
        var level = context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) ? LogLevel.Debug : LogLevel.Information;
        return log.IsEnabled(level) ? WriteAsync(context, level) : next(context);
    }

    private async Task WriteAsync(HttpContext context, LogLevel level)
    {
        var start = Stopwatch.GetTimestamp();
        await next(context);
        var status = context.RequestAborted.IsCancellationRequested ? ClientGone : context.Response.StatusCode;
        // The path as it was sent is escaped, so that it cannot forge a line.
        Write(log, level, context.Request.Method, context.Request.Path.ToUriComponent(), status, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    [LoggerMessage(Message = "{Method} {Path} answered {Status} in {Milliseconds:0.0} ms")]
    private static partial void Write(ILogger log, LogLevel level, string method, string path, int status, double milliseconds);
}
