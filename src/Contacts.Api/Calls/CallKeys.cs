using Contacts.Workspaces;

namespace Contacts.Calls;

/// <summary>Tells who calls, and whose a key was that opens nothing any more.</summary>
internal static class CallKeys
{
    /// <summary>The caller that a key belongs to; when it is revoked null, and the call is recorded where it was in use.</summary>
    /// <param name="callers">Tells whose key it is.</param>
    /// <param name="key">The key as it was sent.</param>
    /// <param name="context">The call.</param>
    public static async ValueTask<Caller?> FindAsync(this Callers callers, string key, HttpContext context)
    {
        var holder = await callers.HolderAsync(key, context.RequestAborted);
        if (holder.Former is { } former)
            CallRecord.Of(context)?.ComeFrom(former);
        return holder.Caller;
    }
}
