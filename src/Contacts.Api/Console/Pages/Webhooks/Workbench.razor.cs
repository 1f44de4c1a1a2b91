using System.Text;
using Contacts.Core;
using Contacts.Webhooks;
using Contacts.Webhooks.Checks;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Webhooks;

/// <summary>Says why a signature does not verify. Secrets come by form alone, and stand in no page.</summary>
public sealed partial class Workbench
{
    private const int MostHeaders = 32 * 1024;

    // Of a core, for all signatures of a request together.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The webhook to begin with, a uuid.</summary>
    [SupplyParameterFromQuery(Name = "webhook")]
    public string? FirstWebhook { get; set; }

    /// <summary>The attempt to begin with, a uuid.</summary>
    [SupplyParameterFromQuery(Name = "attempt")]
    public string? FirstAttempt { get; set; }

    /// <summary>The body as its receiver has it.</summary>
    [SupplyParameterFromForm(FormName = "check")]
    public string? Body { get; set; }

    /// <summary>Whether the body was given as Base64: <c>true</c> or nothing.</summary>
    [SupplyParameterFromForm(FormName = "check")]
    public string? Base64 { get; set; }

    /// <summary>The headers.</summary>
    [SupplyParameterFromForm(FormName = "check")]
    public string? Headers { get; set; }

    /// <summary>The webhook whose secrets are tried, a uuid or nothing.</summary>
    [SupplyParameterFromForm(FormName = "check", Name = "webhook")]
    public string? WebhookText { get; set; }

    /// <summary>The secret.</summary>
    [SupplyParameterFromForm(FormName = "check")]
    public string? Secret { get; set; }

    /// <summary>What the receiver's program computed.</summary>
    [SupplyParameterFromForm(FormName = "check")]
    public string? Computed { get; set; }

    [Inject]
    internal WebhookService Webhooks { get; set; } = null!;

    [Inject]
    internal DeliveryLog Log { get; set; } = null!;

    [Inject]
    internal Sender Sender { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    private IReadOnlyList<Webhook> All { get; set; } = [];

    private SignatureReport? Report { get; set; }

    private string? BodyFault { get; set; }

    private string? SignedBody => Report?.Findings.FirstOrDefault(finding => finding.SignedBody is not null)?.SignedBody is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        All = await Webhooks.ListAsync(Workspace, Gone);
        if (HttpMethods.IsPost(Http.Request.Method))
            return;
        WebhookText = FirstWebhook;
        if (!Guid.TryParse(FirstAttempt, out var id) || Chosen(FirstWebhook) is not { } webhook || await Log.FindAsync(Workspace, webhook.Id, id, Gone) is not { } attempt)
            return;
        var rendered = Sender.Render(webhook, attempt);
        Body = Encoding.UTF8.GetString(rendered.Body);
        Headers = DeliveryOne.HeadersOf(Workspace, webhook, attempt, rendered);
    }

    private static string NameOf(SignatureMistake mistake) => Choices<SignatureMistake>.NameOf(mistake);

    private static string NameOf(SecretOrigin origin) => Choices<SecretOrigin>.NameOf(origin);

    private string TextOf(SignatureMistake mistake) => Words[$"mistake.{NameOf(mistake)}"];

    private Webhook? Chosen(string? text) => Guid.TryParse(text, out var id) ? All.FirstOrDefault(webhook => webhook.Id == id) : null;

    private async Task CheckAsync()
    {
        if (ReadBody() is not { } body)
        {
            Answer(StatusCodes.Status400BadRequest);
            return;
        }

        var headers = PastedHeaders.Read(Headers is { Length: > MostHeaders } ? Headers[..MostHeaders] : Headers ?? string.Empty);

        // Which webhook it is can stand in the headers too.
        var webhook = Chosen(WebhookText) ?? (string.IsNullOrEmpty(Secret) ? Chosen(headers["x-webhook-id"]) : null);
        WebhookText = webhook?.Id.ToString();
        var question = new SignatureQuestion(body, headers, [.. SecretsOf(webhook)], Clock.Now())
        {
            Computed = Computed,
            SentBody = await SentBodyAsync(webhook, headers),
            Writing = webhook is null ? null : (webhook.SignatureEncoding, webhook.SignatureHasPrefix),
        };
        using var until = CancellationTokenSource.CreateLinkedTokenSource(Gone);
        until.CancelAfter(Patience);
        Report = SignatureCheck.Check(question, until.Token);

        // Forms carry line breaks as CRLF whatever was pasted, so that either may be meant.
        if (Base64 is null && !Report.Verifies && body.Contains((byte)'\n')
            && SignatureCheck.Check(question with { Body = Encoding.UTF8.GetBytes(Body!.ReplaceLineEndings("\r\n")) }, until.Token) is { Verifies: true } other)
            Report = other;
    }

    private byte[]? ReadBody()
    {
        byte[] body;
        if (Base64 is null)
        {
            body = Encoding.UTF8.GetBytes((Body ?? string.Empty).ReplaceLineEndings("\n"));
        }
        else
        {
            body = new byte[Body?.Length ?? 0];
            if (!Convert.TryFromBase64String(Body ?? string.Empty, body, out var count))
            {
                BodyFault = Words["workbench.no_base64"];
                return null;
            }

            body = body[..count];
        }

        if (body.Length <= SignatureCheck.MostBytes)
            return body;
        BodyFault = Words["workbench.too_large"];
        return null;
    }

    private IEnumerable<CandidateSecret> SecretsOf(Webhook? webhook)
    {
        if (!string.IsNullOrWhiteSpace(Secret))
            yield return new CandidateSecret(Secret, SecretOrigin.Given);
        if (webhook is null)
            yield break;
        yield return new CandidateSecret(webhook.Secret, SecretOrigin.Present);
        if (webhook.PreviousSecret is { } previous)
            yield return new CandidateSecret(previous, SecretOrigin.Previous);
    }

    /// <summary>The body that the delivery named by the headers had, when it is in the log of the webhook.</summary>
    private async Task<byte[]?> SentBodyAsync(Webhook? webhook, PastedHeaders headers)
    {
        if (webhook is null || (headers.DeliveryIn("webhook-id") ?? headers.DeliveryIn("x-webhook-delivery-id")) is not { } delivery)
            return null;
        var attempts = await Log.AttemptsAsync(Workspace, webhook.Id, delivery, Gone);
        return attempts.Count == 0 ? null : Sender.Render(webhook, attempts[0]).Body;
    }
}
