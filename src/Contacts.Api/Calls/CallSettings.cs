namespace Contacts.Calls;

/// <summary>What the server's owner may set of recording.</summary>
/// <param name="PerSecond">How many answered calls a second are recorded in full, over all workspaces; a fifth of it is for refused ones beside them.</param>
public sealed record CallSettings(int PerSecond);
