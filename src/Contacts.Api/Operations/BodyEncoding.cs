namespace Contacts.Operations;

/// <summary>Bodies are taken as they are: one that is compressed is refused unread, so that a small one can't grow into one that fills the memory.</summary>
internal static class BodyEncoding
{
    /// <summary>Whether a body has an encoding besides <c>identity</c>, which is none.</summary>
    /// <param name="request">The call.</param>
    public static bool IsEncoded(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        return encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);
    }
}
