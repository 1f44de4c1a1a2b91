namespace Contacts.Dialects.Whaapy.Documentation;

// As the schemas of contacts: a test holds these against real answers.

/// <summary>The key's workspace.</summary>
/// <param name="Id">The workspace's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Timezone">IANA.</param>
/// <param name="ApiKey">The key.</param>
internal sealed record AccountAnswer(Guid Id, string Name, string? Country, string Timezone, ApiKey ApiKey);

/// <summary>A key.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">What it may do.</param>
internal sealed record ApiKey(Guid Id, string Name, IReadOnlyList<string> Scopes);

/// <summary>No templates.</summary>
/// <param name="Templates">Always empty.</param>
/// <param name="Pagination">Of nothing.</param>
internal sealed record TemplatesAnswer(IReadOnlyList<object> Templates, Pagination Pagination);
