using System.CommandLine;
using Contacts.Operations;

namespace Contacts.Commands;

/// <summary><c>workspace create</c> and <c>workspace list</c>.</summary>
internal static class WorkspaceCommands
{
    private const int MaxNameLength = 100;

    /// <summary>The commands.</summary>
    public static Command Create(SettingOptions options) =>
        new("workspace", "Makes and lists workspaces.") { CreateOne(options), List(options) };

    private static Command CreateOne(SettingOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "The workspace's name, unique in any case" };
        var create = new Command("create", "Makes a workspace and prints its uuid.") { name };
        options.AddTo(create, [Setting.Data, .. Setting.OfWorkspace]);
        create.SetAction(async (command, cancellation) =>
        {
            var settings = ServerSettings.Read(options.Configuration(command));
            var text = command.GetRequiredValue(name).Trim();
            if (text.Length is 0 or > MaxNameLength)
                throw new StartRefusedException($"A workspace's name has 1 to {MaxNameLength} characters.");
            await using var book = await OpenBook.OpenAsync(settings, mayCreate: true, cancellation);
            var made = await book.Workspaces.CreateAsync(text, settings.Workspace.Apply, cancellation);
            if (made.Value is not { } workspace)
                throw new StartRefusedException($"There is a workspace named {text} already.");
            await Console.Out.WriteLineAsync(workspace.Id.ToString());
            return 0;
        });
        return create;
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
                await Console.Out.WriteLineAsync(string.Join(
                    '\t', workspace.Id, workspace.Name, workspace.Country ?? "-", workspace.Timezone, WorkspaceSettings.NameOf(workspace.DateStyle), workspace.Profile));
            }

            return 0;
        });
        return list;
    }
}
