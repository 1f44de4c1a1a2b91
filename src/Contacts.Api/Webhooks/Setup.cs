namespace Contacts.Webhooks;

/// <summary>Puts webhooks out into the server.</summary>
internal static class Setup
{
    /// <summary>What delivers, beside the book's services; a dialect adds its <see cref="EventRendering"/>.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="settings">What the server's owner set.</param>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, WebhookSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<Sender>()
        .AddSingleton<DeliveryFaults>()
        .AddSingleton<WebhookService>()
        .AddSingleton<DeliveryLog>()
        .AddSingleton<WebhookCleaner>()
        .AddHostedService<Deliverer>()
        .AddHostedService(provider => provider.GetRequiredService<WebhookCleaner>());
}
