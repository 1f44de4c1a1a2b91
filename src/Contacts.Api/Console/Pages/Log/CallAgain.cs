using System.Net.Http.Headers;
using Contacts.Calls;
using Contacts.Core;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WeniEndpoints = Contacts.Dialects.Weni.Endpoints;
using WhaapyEndpoints = Contacts.Dialects.Whaapy.Endpoints;

namespace Contacts.Console.Pages.Log;

/// <summary>What became of a call that was sent again.</summary>
/// <param name="Refusal">Why it was not sent, as a text's name; null when it was.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="CallId">The recorded call; null when it is not recorded.</param>
internal sealed record SentCall(string? Refusal, int Status, Guid? CallId);

/// <summary>
/// Sends a call as a client would: over HTTP to this server, and to no other, with a token that is made for it, may what its reader may, and is deleted
/// when the answer is there.
/// </summary>
/// <param name="server">Where this server listens.</param>
/// <param name="tokens">Makes and deletes the token.</param>
/// <param name="calls">The recorded calls, of which it becomes one.</param>
/// <param name="clock">The clock.</param>
internal sealed class CallAgain(IServer server, TokenService tokens, CallLog calls, TimeProvider clock) : IDisposable
{
    /// <summary>The name of the token.</summary>
    public const string TokenName = "console (resend)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Recorded = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = 64 * 1024 * 1024,
    };

    /// <summary>Sends a call.</summary>
    /// <param name="caller">Who asks for it.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Stops waiting; the token is deleted all the same.</param>
    public async Task<SentCall> SendAsync(Caller caller, EditedCall call, CancellationToken cancellation)
    {
        if (!CallFilter.Methods.Contains(call.Method, StringComparer.Ordinal))
            return Refused("method");
        if (DialectOf(call.Target) is not { } dialect || (dialect == CallRecord.Management && caller.Token.Role != Role.Administrator))
            return Refused("target");
        if (AddressOf(server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []) is not { } address)
            return Refused("address");
        using var request = call.RequestTo(address);
        if (request is null)
            return Refused("headers");
        var key = ApiToken.NewKey(dialect == CallRecord.Management ? null : dialect);
        var made = await tokens.AddAsync(caller.Workspace.Id, key, caller.Token.Role, TokenName, CancellationToken.None);
        if (made.Value is not { } token)
            return Refused("token");
        try
        {
            return await SendAsync(caller.Workspace, request, dialect, key, cancellation);
        }
        finally
        {
            await tokens.DiscardAsync(caller.Workspace.Id, token.Id);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <summary>The API that a path belongs to; null when it is none of those that are recorded.</summary>
    /// <param name="target">The path with its query, as it was typed.</param>
    internal static string? DialectOf(string target)
    {
        var path = target.Split('?')[0];
        if (path.Length < 2 || path[0] != '/' || path[1] == '/' || target.Any(letter => char.IsControl(letter) || letter is '\\' or '#' or ' '))
            return null;

        // Whoever unescapes it must not come to another path than the one that was looked at.
        if (Uri.UnescapeDataString(path).Split('/').Any(segment => segment is "." or ".."))
            return null;
        if (path.StartsWith(WeniEndpoints.Root, StringComparison.Ordinal))
            return Dialects.Weni.Setup.Dialect;
        if (path.StartsWith($"{Management.Setup.Root}/", StringComparison.Ordinal))
            return CallRecord.Management;
        return WhaapyEndpoints.IsUnderRoot(new PathString(path)) ? Dialects.Whaapy.Setup.Dialect : null;
    }

    /// <summary>Where this server can be called; null when it listens to encrypted calls or to a socket alone.</summary>
    /// <param name="addresses">The addresses that it listens on.</param>
    internal static Uri? AddressOf(IEnumerable<string> addresses)
    {
        foreach (var address in addresses.Select(BindingAddress.Parse))
        {
            if (address.IsUnixPipe || address.IsNamedPipe || address.Scheme != Uri.UriSchemeHttp)
                continue;
            var host = address.Host is "*" or "+" or "localhost" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
            return new Uri($"http://{host}:{address.Port}");
        }

        return null;
    }

    private static SentCall Refused(string reason) => new(reason, 0, null);

    private async Task<SentCall> SendAsync(Workspace workspace, HttpRequestMessage request, string dialect, string key, CancellationToken cancellation)
    {
        var id = $"again-{Guid.CreateVersion7():N}";
        request.Headers.Add("X-Request-Id", id);
        request.Headers.Authorization = new AuthenticationHeaderValue(dialect == Dialects.Whaapy.Setup.Dialect ? "Bearer" : "Token", key);
        var since = clock.Now().AddSeconds(-1);
        int status;
        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            status = (int)answer.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            // An injected fault cuts connections; the record tells of it.
            status = 0;
        }

        if (workspace.Recording == Recording.Off || (workspace.Recording == Recording.Errors && status is > 0 and < StatusCodes.Status400BadRequest))
            return new SentCall(null, status, null);
        try
        {
            var found = await calls.WaitAsync(workspace, new CallQuery { Since = since, RequestId = id }, 1, Recorded, cancellation);
            return new SentCall(null, status, found.Calls.Count > 0 ? found.Calls[0].Id : null);
        }
        catch (TooManyWaitException)
        {
            // It was sent; where it stands in the list its reader can see.
            return new SentCall(null, status, null);
        }
    }
}
