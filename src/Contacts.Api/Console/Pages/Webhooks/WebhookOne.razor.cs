using System.Globalization;
using Contacts.Core;
using Contacts.Management;
using Contacts.Webhooks;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Extensions;

namespace Contacts.Console.Pages.Webhooks;

/// <summary>One webhook: how it fares, what was sent and what waits, and what can be done to it.</summary>
public sealed partial class WebhookOne
{
    private const int PageSize = 50;
    private const int MostCounted = 1000;

    /// <summary>The webhook.</summary>
    [Parameter]
    public Guid Id { get; set; }

    /// <summary>What became of the last form.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    /// <summary>How many events are sent again.</summary>
    [SupplyParameterFromQuery]
    public string? Count { get; set; }

    /// <summary>Set when only failures are wanted.</summary>
    [SupplyParameterFromQuery]
    public string? Failed { get; set; }

    /// <summary>The kind of event that is wanted.</summary>
    [SupplyParameterFromQuery]
    public string? Event { get; set; }

    /// <summary>The contact whose events are wanted, a uuid.</summary>
    [SupplyParameterFromQuery]
    public string? Contact { get; set; }

    /// <summary>Where the page of deliveries begins.</summary>
    [SupplyParameterFromQuery]
    public string? Cursor { get; set; }

    /// <summary>The event after which the page of what waits begins.</summary>
    [SupplyParameterFromQuery]
    public string? After { get; set; }

    /// <summary>Set when the list is to stay as it is.</summary>
    [SupplyParameterFromQuery]
    public string? Pause { get; set; }

    /// <summary>From when on to send again.</summary>
    [SupplyParameterFromForm(FormName = "replay")]
    public string? Since { get; set; }

    /// <summary>Until when.</summary>
    [SupplyParameterFromForm(FormName = "replay")]
    public string? Until { get; set; }

    [Inject]
    internal WebhookService Webhooks { get; set; } = null!;

    [Inject]
    internal DeliveryLog Log { get; set; } = null!;

    [Inject]
    internal OnceShown OnceShown { get; set; } = null!;

    [Inject]
    internal WebhookSettings Settings { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    private Webhook? Found { get; set; }

    private string? Secret { get; set; }

    private string? SinceFault { get; set; }

    private string? ContactFault { get; set; }

    private IReadOnlyList<WebhookDelivery> Deliveries { get; set; } = [];

    private Cursor? Next { get; set; }

    private Cursor? Previous { get; set; }

    private IReadOnlyList<WaitingEvent> Waiting { get; set; } = [];

    private string? WaitingNext { get; set; }

    private int WaitingCount { get; set; }

    private string WaitingText => WaitingCount == MostCounted ? Words.With("webhooks.many_waiting", Words.Number(MostCounted - 1)) : Words.Number(WaitingCount);

    private string ReplayedCount => int.TryParse(Count, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Words.Number(count) : "0";

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Found = await Webhooks.FindAsync(Workspace, Id, Gone);
        if (Found is null)
        {
            Answer(StatusCodes.Status404NotFound);
            return;
        }

        if (Done is "created" or "rotated")
            Secret = OnceShown.Take(Http, Id);
        AutomationListing.TryRead(Cursor, out var from);
        var page = await Log.ListAsync(Workspace, Id, PageSize, from, Gone, FilterOf());
        (Deliveries, Next, Previous) = (page.Items, page.Next, page.Previous);
        var waiting = await Log.WaitingAsync(Workspace, Id, PageSize, Guid.TryParse(After, out var after) ? after : null, Gone);
        Waiting = [.. waiting.Take(PageSize)];
        WaitingNext = waiting.Count > PageSize ? $"webhooks/{Id}?after={Waiting[^1].Row.Id}" : null;
        WaitingCount = await Log.CountWaitingAsync(Workspace, Id, MostCounted, Gone);
    }

    private DeliveryFilter FilterOf()
    {
        var contact = Guid.TryParse(Contact?.Trim(), out var id) ? id : (Guid?)null;
        if (contact is null && !string.IsNullOrWhiteSpace(Contact))
            ContactFault = Words["deliveries.contact_fault"];
        return new DeliveryFilter { FailedOnly = Failed is not null, Kind = string.IsNullOrEmpty(Event) ? null : Event.Replace("\0", string.Empty, StringComparison.Ordinal), SubjectId = contact };
    }

    private string? PathTo(Cursor? cursor)
    {
        if (AutomationListing.TextOf(cursor) is not { } place)
            return null;
        var query = new QueryBuilder { { "cursor", place } };
        foreach (var (name, value) in new[] { ("failed", Failed), ("event", Event), ("contact", Contact) })
        {
            if (!string.IsNullOrEmpty(value))
                query.Add(name, value);
        }

        return $"webhooks/{Id}{query.ToQueryString()}";
    }

    private async Task SwitchAsync()
    {
        if (Found is null)
            return;
        var outcome = await Webhooks.UpdateAsync(Workspace, Id, new WebhookChanges { IsActive = !Found.IsActive }, Gone);
        Go(outcome.Refusal is null ? $"webhooks/{Id}?done={(Found.IsActive ? "off" : "on")}" : $"webhooks/{Id}");
    }

    private async Task TestAsync()
    {
        if (await Webhooks.TestAsync(Workspace, Id, Gone) is { } attempt)
            Go($"webhooks/{Id}/deliveries/{attempt.Id}?done=tested");
    }

    private async Task RotateAsync()
    {
        var outcome = await Webhooks.RotateAsync(Workspace, Id, Gone);
        if (outcome.Value is not { } rotated)
            return;
        OnceShown.Keep(Http, Id, rotated.Secret);
        Go($"webhooks/{Id}?done=rotated");
    }

    private async Task DeleteAsync()
    {
        if (await Webhooks.DeleteAsync(Workspace, Id, Gone) is null)
            Go("webhooks?done=deleted");
    }

    private async Task ReplayAsync()
    {
        if (Found is null)
            return;
        var until = string.IsNullOrWhiteSpace(Until) ? Clock.Now() : LocalTime.Read(Until, Workspace.Zone);
        if (LocalTime.Read(Since, Workspace.Zone) is not { } since || until is null)
        {
            Answer(StatusCodes.Status400BadRequest);
            SinceFault = Words["deliveries.time_fault"];
            return;
        }

        var count = await Log.ReplayAsync(Workspace, Id, since, until.Value, Gone);
        Go(string.Create(CultureInfo.InvariantCulture, $"webhooks/{Id}?done=replayed&count={count}"));
    }
}
