using System.CommandLine;
using Contacts.Operations;
using Contacts.Workspaces;

namespace Contacts.Commands;

/// <summary><c>token create</c> and <c>token revoke</c>.</summary>
internal static class TokenCommands
{
    /// <summary>The commands.</summary>
    public static Command Create(SettingOptions options) =>
        new("token", "Makes and revokes tokens.") { CreateOne(options), Revoke(options) };

    private static Command CreateOne(SettingOptions options)
    {
        var workspace = new Option<string>("--workspace") { Description = "The workspace's name", Required = true };
        var role = new Option<string>("--role") { Description = "What the token may do", DefaultValueFactory = _ => "administrator" };
        role.AcceptOnlyFromAmong("administrator", "editor", "viewer", "surveyor");
        var dialect = new Option<string>("--dialect") { Description = "The API that it opens", DefaultValueFactory = _ => ApiToken.Prefixes[0].Dialect };
        dialect.AcceptOnlyFromAmong([.. ApiToken.Prefixes.Select(kind => kind.Dialect)]);
        var name = new Option<string>("--name") { Description = "What people call it; whoever is told of changes is told it", DefaultValueFactory = _ => "command line" };
        var create = new Command("create", "Makes a token and prints its id, then its key alone on the last line. The key is not shown again.")
        {
            workspace, role, dialect, name,
        };
        options.AddTo(create, Setting.Data);
        create.SetAction(async (command, cancellation) =>
        {
            await using var book = await OpenBook.OpenAsync(ServerSettings.Read(options.Configuration(command)), mayCreate: false, cancellation);
            var owner = await book.FindWorkspaceAsync(command.GetRequiredValue(workspace), cancellation);
            var key = ApiToken.NewKey(command.GetRequiredValue(dialect));
            var allowed = Enum.Parse<Role>(command.GetRequiredValue(role), ignoreCase: true);
            var made = await book.DoAsync(
                owner.Id, "token create", () => book.Tokens.AddAsync(owner.Id, key, allowed, command.GetRequiredValue(name), cancellation), added => added.Refusal is null, cancellation);
            await System.Console.Out.WriteLineAsync($"Token {made.Value!.Id}");
            await System.Console.Out.WriteLineAsync(key);
            return 0;
        });
        return create;
    }

    private static Command Revoke(SettingOptions options)
    {
        var which = new Argument<string>("KEY-OR-ID") { Description = "The key itself, or the id that was printed with it" };
        var revoke = new Command("revoke", "Revokes a token. Servers stop taking it within two seconds.") { which };
        options.AddTo(revoke, Setting.Data);
        revoke.SetAction(async (command, cancellation) =>
        {
            await using var book = await OpenBook.OpenAsync(ServerSettings.Read(options.Configuration(command)), mayCreate: false, cancellation);
            var key = command.GetRequiredValue(which);
            if (await book.Tokens.FindAsync(key, cancellation) is not { } found
                || !await book.DoAsync(found.WorkspaceId, $"token revoke {found.Id}", () => book.Tokens.RevokeAsync(key, cancellation), revoked => revoked, cancellation))
                throw new StartRefusedException("There is no such token in use.");
            await System.Console.Out.WriteLineAsync("Revoked.");
            return 0;
        });
        return revoke;
    }
}
