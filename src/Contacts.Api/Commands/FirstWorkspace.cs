using Contacts.Data.LocalPostgres;
using Contacts.Operations;
using Contacts.Workspaces;

namespace Contacts.Commands;

/// <summary>What the start may tell of the first workspace.</summary>
/// <param name="Key">A key that works, or null when none is known: the book was not new, and its key was shown when it was.</param>
/// <param name="Workspace">The workspace; null when the book has others only.</param>
internal sealed record FirstStart(string? Key, Workspace? Workspace)
{
    /// <summary>The key of a link that signs in to the web interface once; null when none is offered.</summary>
    public string? Link { get; init; }

    /// <summary>What came of the seed that was asked for, or null.</summary>
    public string? Seed { get; init; }
}

/// <summary>
/// The workspace <c>default</c> of a new book, and its administrator's key. The database keeps only the key's hash, so the quick start keeps
/// the key itself in the data folder, for its owner's eyes, and can show it at each start.
/// </summary>
/// <param name="workspaces">The book's workspaces.</param>
/// <param name="tokens">The keys to them.</param>
/// <param name="callers">Tells whose key it is.</param>
internal sealed class FirstWorkspace(WorkspaceService workspaces, TokenService tokens, Callers callers)
{
    private const string Name = "default";

    /// <summary>Makes what is missing.</summary>
    /// <param name="settings">The workspace's settings, and the key when one is wanted.</param>
    /// <param name="keepsKey">Whether this is the quick start: the data folder keeps the key, and webhooks may go to this machine.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StartRefusedException">The key that was asked for is revoked, or another workspace's.</exception>
    public async Task<FirstStart> EnsureAsync(ServerSettings settings, bool keepsKey, CancellationToken cancellation)
    {
        var file = Path.Combine(settings.DataFolder, "token");
        var workspace = await workspaces.FindAsync(Name, cancellation);
        var isNew = workspace is null && (settings.Token is not null || (await workspaces.ListAsync(cancellation)).Count == 0);
        if (isNew)
        {
            var made = await workspaces.CreateAsync(Name, workspace => Apply(settings, workspace, keepsKey), cancellation);
            // Refused when another server on the same database was faster.
            workspace = made.Value ?? await workspaces.FindAsync(Name, cancellation);
            isNew = made.Value is not null;
        }

        if (workspace is null)
            return new FirstStart(null, null);
        if (settings.Token is { } wanted)
            await UseAsync(workspace, wanted, cancellation);
        var key = settings.Token ?? (isNew ? await MakeAsync(workspace, cancellation) : keepsKey ? await KeptAsync(workspace, file, cancellation) : null);
        if (keepsKey && key is not null)
            PrivateFile.Write(file, key);
        return new FirstStart(key, workspace);
    }

    private static void Apply(ServerSettings settings, Workspace workspace, bool isQuickStart)
    {
        settings.Workspace.Apply(workspace);
        workspace.AllowsPrivateTargets = isQuickStart;
    }

    private async Task<string> MakeAsync(Workspace workspace, CancellationToken cancellation)
    {
        var key = ApiToken.NewKey();
        await tokens.AddAsync(workspace.Id, key, Role.Administrator, "first", cancellation);
        return key;
    }

    /// <summary>The key in the data folder, when it still works: a revoked one stays revoked.</summary>
    private async Task<string?> KeptAsync(Workspace workspace, string file, CancellationToken cancellation)
    {
        if (!File.Exists(file))
            return null;
        var key = (await File.ReadAllTextAsync(file, cancellation)).Trim();
        return (await callers.FindAsync(key, cancellation))?.Workspace.Id == workspace.Id ? key : null;
    }

    private async Task UseAsync(Workspace workspace, string key, CancellationToken cancellation)
    {
        var caller = await callers.FindAsync(key, cancellation);
        if (caller is null)
        {
            if ((await tokens.AddAsync(workspace.Id, key, Role.Administrator, "first", cancellation)).Refusal is null)
                return;
            // The key exists: revoked, or added this moment by another server on the same database.
            caller = await callers.FindAsync(key, cancellation)
                ?? throw new StartRefusedException($"{Setting.Token}: this token has been revoked. Choose another one.");
        }

        if (caller.Workspace.Id != workspace.Id)
            throw new StartRefusedException($"{Setting.Token}: this token belongs to the workspace {caller.Workspace.Name}. Choose another one.");
    }
}
