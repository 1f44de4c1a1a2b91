using System.Globalization;
using System.Text;
using Contacts.Core;
using Contacts.Webhooks;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Webhooks;

/// <summary>One attempt: the request as it was sent, and what came of it.</summary>
public sealed partial class DeliveryOne
{
    private static readonly string TestKind = Choices<EventKind>.NameOf(EventKind.Test);

    /// <summary>The webhook.</summary>
    [Parameter]
    public Guid Id { get; set; }

    /// <summary>The attempt.</summary>
    [Parameter]
    public Guid AttemptId { get; set; }

    /// <summary>What became of the last form.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    [Inject]
    internal WebhookService Webhooks { get; set; } = null!;

    [Inject]
    internal DeliveryLog Log { get; set; } = null!;

    [Inject]
    internal Sender Sender { get; set; } = null!;

    private Webhook? Webhook { get; set; }

    private WebhookDelivery? Found { get; set; }

    private IReadOnlyList<WebhookDelivery> Attempts { get; set; } = [];

    private string RequestText { get; set; } = "";

    private string Body { get; set; } = "";

    /// <summary>The headers of a request that was sent, a line each, as they were: signed with the secrets of that time, as far as they are kept.</summary>
    /// <param name="workspace">The workspace, whose clock secrets go by.</param>
    /// <param name="webhook">Where it went.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="rendered">The event in words.</param>
    internal static string HeadersOf(Workspace workspace, Webhook webhook, WebhookDelivery attempt, RenderedEvent rendered)
    {
        var secrets = webhook.SecretsOf(attempt.RequestedOn + workspace.ClockOffset, WebhookService.Overlap);
        return string.Join('\n', Sender.HeadersOf(webhook, attempt.DeliveryId, rendered, secrets, attempt.RequestedOn).Select(header => $"{header.Key}: {header.Value}"));
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Webhook = await Webhooks.FindAsync(Workspace, Id, Gone);
        Found = Webhook is null ? null : await Log.FindAsync(Workspace, Id, AttemptId, Gone);
        if (Webhook is null || Found is null)
        {
            Answer(StatusCodes.Status404NotFound);
            return;
        }

        Attempts = await Log.AttemptsAsync(Workspace, Id, Found.DeliveryId, Gone);
        var rendered = Sender.Render(Webhook, Found);
        Body = Encoding.UTF8.GetString(rendered.Body);
        var uri = new Uri(Webhook.Url);
        RequestText = string.Create(
            CultureInfo.InvariantCulture,
            $"POST {uri.PathAndQuery} HTTP/1.1\nHost: {uri.Authority}\nUser-Agent: Contacts\nContent-Type: application/json\nContent-Length: {rendered.Body.Length}\n{HeadersOf(Workspace, Webhook, Found, rendered)}");
    }

    private async Task ReplayAsync()
    {
        if (await Log.ReplayAsync(Workspace, Id, AttemptId, Gone) is { } count)
            Go(string.Create(CultureInfo.InvariantCulture, $"webhooks/{Id}?done=replayed&count={count}"));
    }
}
