using Contacts.Console;
using Contacts.Tests.Support;
using Contacts.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using TokenRole = Contacts.Workspaces.Role;

namespace Contacts.Tests.Security;

/// <summary>Somebody at the door, with what they say they are.</summary>
/// <param name="Name">What failures call it.</param>
/// <param name="Credential">A key, or a session's cookie; null for none.</param>
/// <param name="Role">The role; null for who is nobody: unknown, revoked, signed out.</param>
internal sealed record Visitor(string Name, string? Credential = null, Role? Role = null)
{
    /// <summary>The API that the key is made for; null for a session.</summary>
    public string? Dialect { get; init; }

    /// <summary>Whether the credential is a session's cookie.</summary>
    public bool IsSession { get; init; }

    /// <summary>Whether the workspace is suspended.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>Whether the workspace is the installation's first.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Everybody who matters: of no role, of every role and dialect in a workspace in good standing and in a suspended one, of the first workspace.</summary>
    /// <param name="server">The server.</param>
    public static async Task<IReadOnlyList<Visitor>> AllAsync(TestServer server)
    {
        var all = new List<Visitor> { new("nobody"), new("an unknown key", ApiToken.NewKey()), new("an unknown whaapy key", ApiToken.NewKey("whaapy")) };
        all.Add(new Visitor("an unknown session", ApiToken.NewKey()) { IsSession = true });
        foreach (var isSuspended in new[] { false, true })
        {
            var workspace = await server.NewWorkspaceAsync(settings =>
            {
                settings.Standing = isSuspended ? Standing.Suspended : Standing.Good;
                (settings.HourlyLimit, settings.MinuteLimit) = (null, null);
            });
            foreach (var role in Enum.GetValues<Role>())
            {
                foreach (var (dialect, _) in ApiToken.Prefixes)
                    all.Add(await OfKeyAsync(server, workspace.Id, role, dialect) with { IsSuspended = isSuspended });
                if (role != TokenRole.Surveyor)
                    all.Add(await OfSessionAsync(server, workspace.Id, role) with { IsSuspended = isSuspended });
            }
        }

        var first = await server.FirstWorkspaceAsync();
        all.Add(await OfKeyAsync(server, first.Id, TokenRole.Administrator, "weni") with { IsFirst = true });
        all.Add(await OfSessionAsync(server, first.Id, TokenRole.Administrator) with { IsFirst = true });
        all.AddRange(await FormerAsync(server));
        return all;
    }

    /// <summary>A request with the credential, as a door takes it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="door">The door.</param>
    public HttpRequestMessage Request(string method, string path, string door)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (Credential is null)
            return request;
        if (IsSession)
            request.Headers.Add("Cookie", $"{Gate.Cookie}={Credential}");
        else
            request.Headers.Add("Authorization", $"{(door == "whaapy" ? "Bearer" : "Token")} {Credential}");
        return request;
    }

    /// <summary>Somebody with a key.</summary>
    public static async Task<Visitor> OfKeyAsync(TestServer server, Guid workspaceId, Role role, string dialect)
    {
        var key = ApiToken.NewKey(dialect);
        (await server.Services.GetRequiredService<TokenService>().AddAsync(workspaceId, key, role, "matrix", CancellationToken.None)).Value.ShouldNotBeNull();
        return new Visitor($"{dialect} {role}", key, role) { Dialect = dialect };
    }

    /// <summary>Somebody who is signed in.</summary>
    public static async Task<Visitor> OfSessionAsync(TestServer server, Guid workspaceId, Role role)
    {
        var key = (await OfKeyAsync(server, workspaceId, role, "weni")).Credential!;
        var caller = (await server.Services.GetRequiredService<Callers>().FindAsync(key, CancellationToken.None)).ShouldNotBeNull();
        return new Visitor($"session {role}", await server.Services.GetRequiredService<Sessions>().BeginAsync(caller, CancellationToken.None), role) { IsSession = true };
    }

    /// <summary>Those who could do everything once: a revoked key of each dialect, a session of such a key, and one that was signed out.</summary>
    private static async Task<IEnumerable<Visitor>> FormerAsync(TestServer server)
    {
        var workspace = await server.NewWorkspaceAsync();
        var weni = await OfKeyAsync(server, workspace.Id, TokenRole.Administrator, "weni");
        var whaapy = await OfKeyAsync(server, workspace.Id, TokenRole.Administrator, "whaapy");
        var left = await OfSessionAsync(server, workspace.Id, TokenRole.Administrator);
        await server.Services.GetRequiredService<Sessions>().EndAsync(left.Credential!, CancellationToken.None);
        var caller = (await server.Services.GetRequiredService<Callers>().FindAsync(weni.Credential!, CancellationToken.None)).ShouldNotBeNull();
        var orphan = await server.Services.GetRequiredService<Sessions>().BeginAsync(caller, CancellationToken.None);
        foreach (var key in new[] { weni, whaapy })
            (await server.Services.GetRequiredService<TokenService>().RevokeAsync(key.Credential!, CancellationToken.None)).ShouldBeTrue();
        server.Services.GetRequiredService<Callers>().Forget(workspace.Id);
        return
        [
            new Visitor("a revoked key", weni.Credential), new Visitor("a revoked whaapy key", whaapy.Credential),
            new Visitor("an ended session", left.Credential) { IsSession = true }, new Visitor("a session of a revoked key", orphan) { IsSession = true },
        ];
    }
}
