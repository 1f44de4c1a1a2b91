using System.CommandLine;
using Contacts.Core;
using Contacts.Operations;
using Contacts.Workspaces;

namespace Contacts.Commands;

/// <summary><c>workspace create</c>, <c>workspace set</c> and <c>workspace list</c>.</summary>
internal static class WorkspaceCommands
{
    /// <summary>The commands.</summary>
    public static Command Create(SettingOptions options) =>
        new("workspace", "Makes, changes and lists workspaces.") { CreateOne(options), Set(options), List(options) };

    private static Command CreateOne(SettingOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "The workspace's name, unique in any case" };
        var create = new Command("create", "Makes a workspace and prints its uuid.") { name };
        var given = new WorkspaceOptions(options, create, renames: false);
        create.SetAction(async (command, cancellation) =>
        {
            var settings = ServerSettings.Read(options.Configuration(command));
            var text = command.GetRequiredValue(name).Trim();
            var changes = given.Read(command) with { Name = text };
            WorkspaceOptions.Check(changes);
            await using var book = await OpenBook.OpenAsync(settings, mayCreate: true, cancellation);
            var made = await book.Workspaces.CreateAsync(text, workspace => Apply(settings.Workspace, changes, workspace), cancellation);
            if (made.Value is not { } workspace)
                throw new StartRefusedException($"There is a workspace named {text} already.");
            await System.Console.Out.WriteLineAsync(workspace.Id.ToString());
            return 0;
        });
        return create;
    }

    private static void Apply(WorkspaceSettings settings, WorkspaceChanges changes, Workspace workspace)
    {
        settings.Apply(workspace);
        changes.Apply(workspace);
    }

    private static Command Set(SettingOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "The workspace's name" };
        var set = new Command("set", "Changes settings of a workspace: what is not named stays. Servers follow within two seconds.") { name };
        var given = new WorkspaceOptions(options, set, renames: true);
        set.SetAction(async (command, cancellation) =>
        {
            var changes = given.Read(command);
            await using var book = await OpenBook.OpenAsync(ServerSettings.Read(options.Configuration(command)), mayCreate: false, cancellation);
            var workspace = await book.FindWorkspaceAsync(command.GetRequiredValue(name), cancellation);
            var outcome = await book.DoAsync(
                workspace.Id, "workspace set", () => book.Workspaces.UpdateAsync(workspace.Id, changes, cancellation), changed => changed.Refusal is null, cancellation);
            if (outcome.Refusal is not null)
                throw new StartRefusedException($"There is a workspace named {changes.Name.Value} already.");
            await System.Console.Out.WriteLineAsync("Changed.");
            return 0;
        });
        return set;
    }

    private static Command List(SettingOptions options)
    {
        var list = new Command("list", "Lists the workspaces, oldest first: uuid, name, country, time zone, date style, profile, parted by tabs.");
        options.AddTo(list, Setting.Data);
        list.SetAction(async (command, cancellation) =>
        {
            await using var book = await OpenBook.OpenAsync(ServerSettings.Read(options.Configuration(command)), mayCreate: false, cancellation);
            foreach (var workspace in await book.Workspaces.ListAsync(cancellation))
            {
                await System.Console.Out.WriteLineAsync(string.Join(
                    '\t', workspace.Id, workspace.Name, workspace.Country ?? "-", workspace.Timezone, Choices<DateStyle>.NameOf(workspace.DateStyle), workspace.Profile));
            }

            return 0;
        });
        return list;
    }
}
