using System.CommandLine;
using Contacts.Operations;

namespace Contacts.Commands;

/// <summary><c>health</c>: asks the server on this machine whether it is ready, for container images that have no other way to ask.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>The command.</summary>
    public static Command Create(SettingOptions options)
    {
        var health = new Command("health", "Asks the running server whether it is ready; exit code 0 when it is.");
        options.AddTo(health, Setting.Urls);
        health.SetAction(async (command, cancellation) =>
        {
            var settings = ServerSettings.Read(options.Configuration(command));
            using var http = new HttpClient { Timeout = Patience };
            try
            {
                using var answer = await http.GetAsync(new Uri(Welcome.Reachable(settings.Urls[0]) + "/health/ready"), cancellation);
                await System.Console.Out.WriteLineAsync(await answer.Content.ReadAsStringAsync(cancellation));
                return answer.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                throw new StartRefusedException($"No server answers on {settings.Urls[0]}: {e.Message}", e);
            }
        });
        return health;
    }
}
