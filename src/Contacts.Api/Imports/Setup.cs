using Contacts.Core;
using Contacts.Data;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Imports;

/// <summary>Puts lists of contacts, in and out, into the server.</summary>
internal static class Setup
{
    /// <summary>What imports and exports, beside the book's services.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="settings">What the server's owner set.</param>
    public static IServiceCollection AddImports(this IServiceCollection services, ImportSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<ContactExport>()
        .AddSingleton<ImportProgress>()
        .AddSingleton(provider => new ImportParts(
            provider.GetRequiredService<ContactWriter>(),
            provider.GetRequiredService<CatalogCache>(),
            provider.GetRequiredService<FieldService>(),
            provider.GetRequiredService<GroupService>(),
            provider.GetRequiredService<ImportProgress>(),
            settings))
        .AddSingleton(provider => new ImportWorker(
            provider.GetRequiredService<IDbContextFactory<ContactsDb>>(),
            provider.GetRequiredService<DatabaseWatch>(),
            provider.GetRequiredService<ImportParts>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ImportWorker>>()))
        .AddSingleton<ImportService>()
        .AddHostedService(provider => provider.GetRequiredService<ImportWorker>());
}
