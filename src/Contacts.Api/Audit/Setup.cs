namespace Contacts.Audit;

/// <summary>Puts the audit log into the server.</summary>
internal static class Setup
{
    /// <summary>The log's services.</summary>
    /// <param name="services">The server's services, with the book's.</param>
    /// <param name="settings">What the server's owner set.</param>
    public static IServiceCollection AddAudit(this IServiceCollection services, AuditSettings settings) => services
        .AddSingleton(settings).AddSingleton<AuditTrail>().AddSingleton<AuditedActions>()
        .AddSingleton<AuditCleaner>().AddHostedService(provider => provider.GetRequiredService<AuditCleaner>());
}
