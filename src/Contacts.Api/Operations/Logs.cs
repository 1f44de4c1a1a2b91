using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Contacts.Operations;

/// <summary>
/// Log lines go to the standard error: the standard output belongs to what a command answers. Levels are set as in every ASP.NET Core
/// server (<c>Logging:LogLevel</c>).
/// </summary>
internal static class Logs
{
    private const string Text = "[{Timestamp:HH:mm:ss.fff} {Level:u3}] {Message:lj} {RequestId}{NewLine}{Exception}";

    /// <summary>Makes Serilog's console the only place of logging.</summary>
    public static void AddTo(ILoggingBuilder logging, bool json)
    {
        var serilog = new LoggerConfiguration().MinimumLevel.Verbose();
        serilog = json
            ? serilog.WriteTo.Console(new CompactJson(), standardErrorFromLevel: LogEventLevel.Verbose)
            : serilog.WriteTo.Console(outputTemplate: Text, standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: System.Globalization.CultureInfo.InvariantCulture);
        // The framework's own lines have whole addresses in them: links that sign in, phone numbers. RequestLines writes what may be known. Of anything above
        // None the framework would make an activity and a scope for each call, whether or not somebody collects them.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // Not AddSerilog: it would switch the levels of the configuration off.
        logging.ClearProviders().AddProvider(new SerilogLoggerProvider(serilog.CreateLogger(), dispose: true));
    }
}
