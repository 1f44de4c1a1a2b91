using Contacts.Core;
using Contacts.Webhooks;
using Contacts.Workspaces;
using FluentValidation;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Webhooks;

/// <summary>Makes or changes a webhook.</summary>
public sealed partial class WebhookEdit
{
    /// <summary>The webhook; null for a new one.</summary>
    [Parameter]
    public Guid? Id { get; set; }

    /// <summary>The name.</summary>
    [SupplyParameterFromForm(FormName = "save")]
    public string? Name { get; set; }

    /// <summary>Where events are sent.</summary>
    [SupplyParameterFromForm(FormName = "save")]
    public string? Url { get; set; }

    /// <summary>How the dialect's signature is written.</summary>
    [SupplyParameterFromForm(FormName = "save")]
    public string? Encoding { get; set; }

    /// <summary>Whether it begins with <c>sha256=</c>: <c>true</c> or nothing.</summary>
    [SupplyParameterFromForm(FormName = "save")]
    public string? Prefix { get; set; }

    [Inject]
    internal WebhookService Webhooks { get; set; } = null!;

    [Inject]
    internal IValidator<WebhookChanges> Validator { get; set; } = null!;

    [Inject]
    internal OnceShown OnceShown { get; set; } = null!;

    private bool IsMissing { get; set; }

    private IReadOnlyList<string> Events { get; set; } = [];

    private Dictionary<string, string> Faults { get; } = new(StringComparer.Ordinal);

    private string Title => Words[Id is null ? "webhooks.new" : "webhooks.change"];

    private string UrlHint => Words[Workspace.AllowsPrivateTargets ? "webhooks.url_any" : "webhooks.url_public"];

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        var found = Id is { } id ? await Webhooks.FindAsync(Workspace, id, Gone) : null;
        IsMissing = Id is not null && found is null;
        if (IsMissing)
            Answer(StatusCodes.Status404NotFound);
        if (HttpMethods.IsPost(Http.Request.Method))
        {
            Events = [.. Http.Request.Form["events"].OfType<string>()];
            return;
        }

        Events = found?.Events ?? [Webhook.AllEvents];
        if (found is null)
            return;
        (Name, Url) = (found.Name, found.Url);
        Encoding = Choices<SignatureEncoding>.NameOf(found.SignatureEncoding);
        Prefix = found.SignatureHasPrefix ? "true" : null;
    }

    private async Task SaveAsync()
    {
        if (IsMissing)
            return;
        var changes = new WebhookChanges
        {
            Name = (Name ?? string.Empty).Trim(),
            Url = (Url ?? string.Empty).Trim(),
            Events = new Optional<IReadOnlyList<string>>(Events),
            SignatureEncoding = Encoding == "base64" ? SignatureEncoding.Base64 : SignatureEncoding.Hex,
            SignatureHasPrefix = Prefix == "true",
        };
        Tell(Faults, Validator.Validate(changes).Errors);
        if (Faults.Count > 0)
        {
            Answer(StatusCodes.Status400BadRequest);
            return;
        }

        var outcome = Id is { } id ? await Webhooks.UpdateAsync(Workspace, id, changes, Gone) : await Webhooks.CreateAsync(Workspace, changes, Gone);
        if (outcome.Refusal is { } refusal)
        {
            Tell(refusal);
            return;
        }

        var made = outcome.Value!;
        if (Id is null)
            OnceShown.Keep(Http, made.Id, made.Secret);
        Go($"webhooks/{made.Id}?done={(Id is null ? "created" : "saved")}");
    }

    private void Tell(Refusal refusal)
    {
        Answer(refusal is Refusal.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest);
        var (attribute, text) = refusal switch
        {
            Refusal.TargetRefused(var fault) => ("url", Words[$"webhook_target.{Choices<TargetFault>.NameOf(fault)}"]),
            Refusal.LimitReached(_, var limit) => ("all", Words.With("webhooks.limit", limit)),
            _ => ("all", Words["missing.text"]),
        };
        Faults[attribute] = text;
    }
}
