using System.CommandLine;
using Contacts.Operations;

namespace Contacts.Commands;

/// <summary>The settings as options of the commands, and the configuration that they, the environment and appsettings.json add up to.</summary>
/// <param name="configurationArguments">Arguments of the form <c>--Section:Key=value</c>.</param>
internal sealed class SettingOptions(string[] configurationArguments)
{
    private readonly Dictionary<Setting, Option<string?>> _options =
        Setting.All.ToDictionary(setting => setting, setting => new Option<string?>(setting.Option) { Description = setting.Description });

    /// <summary>Gives a command the options of some settings.</summary>
    public void AddTo(Command command, params ReadOnlySpan<Setting> settings)
    {
        foreach (var setting in settings)
            command.Options.Add(_options[setting]);
    }

    /// <summary>The server's builder with the configuration of a command line.</summary>
    public WebApplicationBuilder Builder(ParseResult command)
    {
        // The program's own folder holds appsettings.json, wherever the program is started from. What the full builder adds, other servers and
        // development of web pages, is of no use here and takes memory.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = configurationArguments, ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelHttpsConfiguration();
        Setting.Overlay(builder.Configuration, setting => Given(command, setting));
        return builder;
    }

    /// <summary>The configuration of a command that serves nothing.</summary>
    public IConfiguration Configuration(ParseResult command)
    {
        var configuration = new ConfigurationManager();
        configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true);
        configuration.AddEnvironmentVariables().AddCommandLine(configurationArguments);
        Setting.Overlay(configuration, setting => Given(command, setting));
        return configuration;
    }

    /// <summary>What the command line says of a setting; null when it says nothing.</summary>
    public string? Given(ParseResult command, Setting setting) => command.GetResult(_options[setting]) is null ? null : command.GetValue(_options[setting]);
}
