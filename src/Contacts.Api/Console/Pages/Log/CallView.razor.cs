using System.Globalization;
using Contacts.Calls;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Log;

/// <summary>One recorded call: what was sent, answered and changed, and why. It can be sent again.</summary>
public sealed partial class CallView
{
    /// <summary>The call.</summary>
    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    internal CallLog Log { get; set; } = null!;

    [Inject]
    internal CallAgain Sender { get; set; } = null!;

    private RecordedCall? Call { get; set; }

    private IReadOnlyList<(string Name, string Value)> Headers { get; set; } = [];

    private IReadOnlyList<(string Name, string Value)> AnswerHeaders { get; set; } = [];

    /// <summary>What the form holds: the call as it came, or as it was edited.</summary>
    private EditedCall Again { get; set; } = EditedCall.Empty;

    /// <summary>Why it could not be sent, or null.</summary>
    private string? Fault { get; set; }

    private string? FaultId => AnswerHeaders.FirstOrDefault(header => header.Name.Equals(CallRecord.FaultHeader, StringComparison.OrdinalIgnoreCase)).Value;

    // A body that is no text would not survive the form.
    private bool MaySend => MayEdit && Call is { } call && call.Dialect != CallRecord.Console && !call.Flags.HasFlag(CallFlags.BodyInBase64)
        && (IsAdministrator || call.Dialect != CallRecord.Management);

    private int? Unrecorded => int.TryParse(Http.Request.Query["status"].LastOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;

    // Why there is less of it than was sent.
    private string WhyHidden => Call switch
    {
        { } call when call.Flags.HasFlag(CallFlags.Anonymous) => "hidden_anonymous",
        { TokenId: null } => "hidden_stranger",
        _ => "hidden",
    };

    private string Curl => CurlText.Of(Call!, Headers, $"{Http.Request.Scheme}://{Http.Request.Host}");

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        Call = await Log.FindAsync(Workspace, CallQuery.For(Caller.Token.Role), Id, Gone);
        if (Call is not { } call)
        {
            Answer(StatusCodes.Status404NotFound);
            return;
        }

        Headers = CallShown.HeadersOf(call.RequestHeaders);
        AnswerHeaders = CallShown.HeadersOf(call.AnswerHeaders);
        Again = HttpMethods.IsPost(Http.Request.Method) ? EditedCall.Of(Http.Request.Form) : EditedCall.Of(call, Headers);
    }

    private async Task SendAsync()
    {
        // What is sent is recorded; that somebody pressed the button would stand beside it.
        CallRecord.Of(Http)?.Leave();
        if (!MaySend)
        {
            Refuse("here");
            return;
        }

        var sent = await Sender.SendAsync(Caller, Again, Gone);
        if (sent.Refusal is { } refusal)
            Refuse(refusal);
        else if (sent.CallId is { } recorded)
            Go($"calls/{recorded}?sent=1");
        else
            Go($"calls/{Id}?status={sent.Status.ToString(CultureInfo.InvariantCulture)}");
    }

    private void Refuse(string reason)
    {
        Answer(StatusCodes.Status400BadRequest);
        Fault = reason;
    }
}
