using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Json;

namespace Contacts.Operations;

/// <summary>
/// A log line as one JSON object: <c>@t</c> time, <c>@l</c> level, <c>@m</c> message, <c>@x</c> exception, then the properties by name,
/// as Serilog's compact format has them.
/// </summary>
internal sealed class CompactJson : ITextFormatter
{
    /// <summary>Scopes of ASP.NET Core that say nothing our own line does not.</summary>
    private static readonly HashSet<string> Left = new(StringComparer.Ordinal)
    {
        "ActionId", "ActionName", "ConnectionId", "EventId", "ParentId", "RequestPath", "SpanId", "TraceId", "TransportConnectionId",
    };

    private static readonly JsonValueFormatter Values = new(typeTagName: null);

    /// <inheritdoc />
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write("{\"@t\":\"");
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        output.Write("\",\"@l\":\"");
        output.Write(logEvent.Level.ToString());
        output.Write("\",\"@m\":");
        JsonValueFormatter.WriteQuotedJsonString(logEvent.RenderMessage(CultureInfo.InvariantCulture), output);
        if (logEvent.Exception is { } exception)
        {
            output.Write(",\"@x\":");
            JsonValueFormatter.WriteQuotedJsonString(exception.ToString(), output);
        }

        foreach (var (name, value) in logEvent.Properties)
        {
            if (Left.Contains(name))
                continue;
            output.Write(',');
            JsonValueFormatter.WriteQuotedJsonString(name, output);
            output.Write(':');
            Values.Format(value, output);
        }

        output.WriteLine('}');
    }
}
