using Contacts.Workspaces;

namespace Contacts.Dialects;

/// <summary>Who calls, for the controllers.</summary>
internal static class CallerFeature
{
    /// <summary>The caller that a dialect's gate let through.</summary>
    /// <param name="context">The call.</param>
    public static Caller Caller(this HttpContext context) => context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("The call did not pass the gate.");
}
