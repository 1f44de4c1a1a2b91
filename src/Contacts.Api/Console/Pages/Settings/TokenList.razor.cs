using System.Globalization;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Settings;

/// <summary>The keys to the workspace.</summary>
public sealed partial class TokenList
{
    private const int PageSize = 50;

    /// <summary>A part of the name.</summary>
    [SupplyParameterFromQuery]
    public string? Find { get; set; }

    /// <summary>Which page, from 1.</summary>
    [SupplyParameterFromQuery(Name = "page")]
    public string? PageText { get; set; }

    /// <summary>The token that was made a moment ago, a uuid.</summary>
    [SupplyParameterFromQuery]
    public string? Made { get; set; }

    /// <summary>What became of the last form.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    [Inject]
    internal TokenService Tokens { get; set; } = null!;

    [Inject]
    internal OnceShown OnceShown { get; set; } = null!;

    private IReadOnlyList<ApiToken> Shown { get; set; } = [];

    private bool HasMore { get; set; }

    private string? Key { get; set; }

    private string Curl { get; set; } = "";

    private string? Fault { get; set; }

    private int Number => int.TryParse(PageText, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1000 ? number : 1;

    /// <summary>A call that works with a key, ready to be pasted.</summary>
    /// <param name="request">The request, which tells the server's address.</param>
    /// <param name="key">The key.</param>
    internal static string CurlOf(HttpRequest request, string key)
    {
        var (path, scheme) = ApiToken.DialectOf(key) == ApiToken.Prefixes[0].Dialect ? ("/api/v2/contacts.json", "Token") : ("/contacts/v1", "Bearer");
        return $"curl -sS '{request.Scheme}://{request.Host}{request.PathBase}{path}' -H 'Authorization: {scheme} {key}'";
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (Guid.TryParse(Made, out var made) && OnceShown.Take(Http, made) is { } key)
            (Key, Curl) = (key, CurlOf(Http.Request, key));

        // At most a thousand, which are read at once; the newest first, since they are looked for most.
        var all = (await Tokens.ListAsync(Workspace.Id, Gone)).Reverse();
        if (!string.IsNullOrWhiteSpace(Find))
            all = all.Where(token => token.Name.Contains(Find.Trim(), StringComparison.OrdinalIgnoreCase));
        var page = all.Skip((Number - 1) * PageSize).Take(PageSize + 1).ToList();
        HasMore = page.Count > PageSize;
        Shown = [.. page.Take(PageSize)];
    }

    private string PathTo(int number) => string.Create(CultureInfo.InvariantCulture, $"tokens?page={number}&find={Uri.EscapeDataString(Find ?? string.Empty)}");

    private async Task RevokeAsync(Guid id)
    {
        if (id == Caller.Token.Id)
        {
            Answer(StatusCodes.Status409Conflict);
            Fault = Words["tokens.own"];
        }
        else
        {
            await Tokens.RevokeAsync(Workspace.Id, id, Gone);
            Go("tokens?done=revoked");
        }
    }
}
