using Contacts.Core;

namespace Contacts.Workspaces;

/// <summary>
/// A workspace's own time, which a test may set forward: what expires by it need not be waited for. Limits of calls, keys of calls and a webhook's secret
/// before its last go by it. What is written into the book, and what is sent, has the machine's time.
/// </summary>
public static class WorkspaceClock
{
    /// <summary>The furthest that it may be ahead: ten years, in seconds.</summary>
    public const long MaxOffset = 10L * 365 * 24 * 60 * 60;

    /// <summary>The workspace's time, cut to whole microseconds.</summary>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="workspace">The workspace.</param>
    public static DateTime NowIn(this TimeProvider clock, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return clock.Now() + workspace.ClockOffset;
    }
}
