using System.CommandLine;
using System.Globalization;
using Contacts.Operations;

namespace Contacts.Commands;

/// <summary><c>backup</c>: the whole book as it is in one moment, in one file, while servers go on.</summary>
internal static class BackupCommand
{
    /// <summary>The command.</summary>
    public static Command Create(SettingOptions options)
    {
        var file = new Argument<string>("FILE") { Description = "Where to; a file that exists is left alone" };
        var backup = new Command("backup", "Writes the book, as it is in one moment, to a file (pg_dump). Servers go on meanwhile.") { file };
        options.AddTo(backup, Setting.Data);
        backup.SetAction(async (command, cancellation) =>
        {
            var target = Path.GetFullPath(command.GetRequiredValue(file));
            if (File.Exists(target))
                throw new StartRefusedException($"There is a file {target} already. Name another, or remove it.");
            await using var database = await OpenDatabase.OpenAsync(ServerSettings.Read(options.Configuration(command)), mayCreate: false, cancellation);
            await DumpAsync(new DatabaseClient(database.ConnectionString), target, cancellation);
            await System.Console.Out.WriteLineAsync($"Backed up: {target}, {Size(new FileInfo(target).Length)}. It holds people's data and hashes of tokens: keep it as you keep the book.");
            return 0;
        });
        return backup;
    }

    private static async Task DumpAsync(DatabaseClient client, string target, CancellationToken cancellation)
    {
        if (!await client.AskAsync<bool>("SELECT to_regclass('\"__EFMigrationsHistory\"') IS NOT NULL", cancellation))
            throw new StartRefusedException("The database holds no contact book.");

        // Readable by its owner alone from the first byte, and under its name only when it is whole.
        var draft = target + ".partial";
        var mode = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            File.Delete(draft);
            await using (new FileStream(draft, mode))
            {
                // Made empty: pg_dump writes into it and leaves its permissions.
            }

            await client.RunAsync("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", "--no-password", "--file", draft], () => $"… {Size(new FileInfo(draft).Length)}", cancellation);
            File.Move(draft, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The backup can't be written: {e.Message}", e);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>A size as people read it: kB below a MB.</summary>
    /// <param name="bytes">The size.</param>
    internal static string Size(long bytes) => bytes < 999_500
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:N0} kB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB");
}
