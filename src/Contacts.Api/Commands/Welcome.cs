namespace Contacts.Commands;

/// <summary>What the server prints when it is ready: enough for the first call.</summary>
internal static class Welcome
{
    private const string PrivateTargets = "\n  Webhooks may go to private and loopback addresses (workspace set default --allows-private-targets false)";

    /// <summary>The text.</summary>
    /// <param name="urls">Where the server listens.</param>
    /// <param name="first">The first workspace.</param>
    public static string Text(IEnumerable<string> urls, FirstStart first)
    {
        var key = first.Key;
        var url = Reachable(urls.First());
        var token = key ?? "(shown at the first start; another one: token create --workspace default)";
        return $$"""

            Contacts is ready
              URL      {{url}}
              Token    {{token}}
              Console  {{url}}{{(first.Link is { } link ? $"/console/sign-in?link={link}  (signs in, once)" : "/")}}
              Swagger  {{url}}/swagger{{(first.Workspace is { AllowsPrivateTargets: true } ? PrivateTargets : string.Empty)}}{{(first.Seed is { } seed ? $"\n  Seed     {seed}" : string.Empty)}}

            Your first contact, to paste into another terminal:
            curl -sS -X POST '{{url}}/api/v2/contacts.json?urn=tel%3A%2B250783835665' -H 'Authorization: Token {{key ?? "YOUR_TOKEN"}}' -H 'Content-Type: application/json' -d '{"name":"Ben Haggerty","language":"eng"}'


            """;
    }

    /// <summary>An address to listen on as one to call: "every address" is called as this machine.</summary>
    public static string Reachable(string url)
    {
        var address = BindingAddress.Parse(url);
        var host = address.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "127.0.0.1" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }
}
