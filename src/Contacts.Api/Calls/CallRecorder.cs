using Contacts.Core;

namespace Contacts.Calls;

/// <summary>
/// Stands in front of everything, so that it sees what the client sees. Which calls are recorded is not decided by their paths: whoever knows a
/// call as its own says so, see
/// <see cref="CallRecord.BelongTo"/>.
/// </summary>
/// <param name="next">The rest of the server.</param>
/// <param name="meter">Decides and counts.</param>
internal sealed class CallRecorder(RequestDelegate next, CallMeter meter)
{
    /// <summary>Lets a call through and takes its record.</summary>
    /// <param name="context">The call.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        var method = context.Request.Method;
        ChangeJournal? journal = null;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            journal = new ChangeJournal();
            journal.Enter();
        }

        var record = meter.Begin(journal);
        context.Features.Set(record);
        try
        {
            await next(context);
        }
        finally
        {
            meter.End(context, record);
        }
    }
}
