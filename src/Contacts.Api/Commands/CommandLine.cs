using System.CommandLine;
using System.Text.RegularExpressions;
using Contacts.Operations;

namespace Contacts.Commands;

/// <summary>Makes the server from its settings and the database's connection string.</summary>
internal delegate WebApplication BuildServer(WebApplicationBuilder builder, ServerSettings settings, string connectionString);

/// <summary>The program's commands. Without one it serves.</summary>
internal static partial class CommandLine
{
    /// <summary>Runs the command that the arguments name.</summary>
    /// <returns>The process's exit code: 0, or 1 with a message that says what to do.</returns>
    public static async Task<int> RunAsync(string[] args, BuildServer build)
    {
        // ASP.NET Core's own form, --Section:Key=value, sets anything that appsettings.json could.
        var configuration = args.Where(arg => ConfigurationArgument().IsMatch(arg)).ToArray();
        var options = new SettingOptions(configuration);
        var serve = new ServeCommand(options, build);
        var root = new RootCommand("Contacts: a contact book that speaks Weni's contacts API. Without a command it serves.")
        {
            serve.Command,
            WorkspaceCommands.Create(options),
            TokenCommands.Create(options),
            BackupCommand.Create(options),
            RestoreCommand.Create(options),
            HealthCommand.Create(options),
        };
        options.AddTo(root, Setting.All);
        root.SetAction(serve.RunAsync);
        try
        {
            // Signals are the server's to handle: it stops in order and takes the time that this needs.
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await root.Parse(args.Where(arg => !configuration.Contains(arg, StringComparer.Ordinal)).ToArray()).InvokeAsync(invocation);
        }
        catch (StartRefusedException e)
        {
            await System.Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    [GeneratedRegex("^--(?:environment|contentRoot|applicationName|[A-Z][A-Za-z0-9_]*(?::[A-Za-z0-9_.]+)*)=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConfigurationArgument();
}
