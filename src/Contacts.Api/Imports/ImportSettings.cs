namespace Contacts.Imports;

/// <summary>What the server's owner may set of imports.</summary>
/// <param name="MaxBytes">The largest file, in bytes.</param>
/// <param name="MaxRows">The most rows of a file, its header not counted.</param>
/// <param name="Keep">How long an import is listed, with its refused rows, after it was uploaded.</param>
public sealed record ImportSettings(long MaxBytes, int MaxRows, TimeSpan Keep);
