using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Contacts.Operations;

namespace Contacts.Commands;

/// <summary><c>restore</c>: a backup becomes the book of an empty data folder or database, wholly or not at all.</summary>
internal static class RestoreCommand
{
    private const string SwitchOff =
        "WITH off AS (UPDATE webhooks SET is_active = false, off_reason = 'Restored with --webhooks-off.' WHERE is_active RETURNING 1) SELECT count(*) FROM off";

    /// <summary>The command.</summary>
    public static Command Create(SettingOptions options)
    {
        var file = new Argument<string>("FILE") { Description = "The backup" };
        var quiet = new Option<bool>("--webhooks-off") { Description = "Switches all webhooks off: a copy beside the original must not tell its receivers everything again" };
        var restore = new Command("restore", "Makes a backup the book of an empty data folder or an empty database (pg_restore).") { file, quiet };
        options.AddTo(restore, Setting.Data);
        restore.SetAction(async (command, cancellation) =>
        {
            var source = Path.GetFullPath(command.GetRequiredValue(file));
            if (!File.Exists(source))
                throw new StartRefusedException($"There is no file {source}.");
            await using var database = await OpenDatabase.OpenAsync(ServerSettings.Read(options.Configuration(command)), mayCreate: true, cancellation);
            var client = new DatabaseClient(database.ConnectionString);
            await FillAsync(client, source, cancellation);
            if (command.GetValue(quiet))
                await System.Console.Out.WriteLineAsync($"Webhooks switched off: {await client.AskAsync<long>(SwitchOff, cancellation)}.");
            await System.Console.Out.WriteLineAsync("Restored. The next start brings the schema up to date; the tokens of the backup open it.");
            return 0;
        });
        return restore;
    }

    private static async Task FillAsync(DatabaseClient client, string source, CancellationToken cancellation)
    {
        if (await client.AskAsync<bool>("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema())", cancellation))
            throw new StartRefusedException("There are tables in the database already, and a backup goes into an empty one: name another folder with --data, or make another database.");

        var start = Stopwatch.GetTimestamp();
        string[] arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password", "--dbname", string.Empty, source];
        await client.RunAsync("pg_restore", arguments, () => string.Create(CultureInfo.InvariantCulture, $"… {Stopwatch.GetElapsedTime(start).TotalSeconds:N0} s"), cancellation);

        // Without statistics the first plans are guesses.
        await client.AskAsync<object>("ANALYZE; SELECT 1", cancellation);
    }
}
