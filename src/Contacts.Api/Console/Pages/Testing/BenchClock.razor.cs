using System.Globalization;
using Contacts.Core;
using Contacts.TestBench;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Testing;

/// <summary>The workspace's own clock, and the forms that move it on.</summary>
public sealed partial class BenchClock
{
    private const long Day = 24 * 60 * 60;

    private static readonly Dictionary<string, long> Units = new(StringComparer.Ordinal)
    {
        ["minutes"] = 60,
        ["hours"] = 60 * 60,
        ["days"] = Day,
        ["seconds"] = 1,
    };

    /// <summary>What became of the last form.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    [Inject]
    internal ClockService Clocks { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    private DateTime Now { get; set; }

    /// <summary>How far the workspace's clock is ahead, in seconds.</summary>
    private long Ahead { get; set; }

    private string? Amount { get; set; }

    private string? Unit { get; set; }

    private string? Fault { get; set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        if (HttpMethods.IsPost(Http.Request.Method))
            (Amount, Unit) = (Http.Request.Form["amount"].ToString().Trim(), Http.Request.Form["unit"].ToString());
        Now = Clock.Now();
        Ahead = await Clocks.ReadAsync(Workspace.Id, Gone);
    }

    private async Task AdvanceAsync()
    {
        var isNumber = long.TryParse(Amount, NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && Units.TryGetValue(Unit ?? string.Empty, out var seconds) && amount > 0 && amount <= WorkspaceClock.MaxOffset / seconds;
        if (!isNumber)
            Refuse(StatusCodes.Status400BadRequest);
        else if (await Clocks.AdvanceAsync(Workspace.Id, amount * Units[Unit!], Gone) is null)
            Refuse(StatusCodes.Status409Conflict);
        else
            Go("testing/clock?done=advanced");
    }

    private void Refuse(int status)
    {
        Answer(status);
        Fault = Words["testing.amount_about"];
    }
}
