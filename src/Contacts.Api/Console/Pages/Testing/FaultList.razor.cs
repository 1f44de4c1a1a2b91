using System.Text.Json;
using Contacts.Core;
using Contacts.Management;
using Contacts.TestBench;
using Contacts.Workspaces;
using FluentValidation;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Testing;

/// <summary>What goes wrong on request: the faults that are active, and a form for each kind. What was typed goes the way of the management API, as JSON, so that both have the same rules.</summary>
public sealed partial class FaultList
{
    /// <summary>What stands for all faults where one is ended.</summary>
    internal const string All = "all";

    /// <summary>The effect whose form is shown.</summary>
    [SupplyParameterFromQuery]
    public string? Effect { get; set; }

    /// <summary>What became of the last form.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    [Inject]
    internal FaultService Service { get; set; } = null!;

    [Inject]
    internal IValidator<FaultWrite> Validator { get; set; } = null!;

    [Inject]
    internal TimeProvider Clock { get; set; } = null!;

    private IReadOnlyList<Fault> Active { get; set; } = [];

    private FaultEffect Chosen { get; set; }

    private Dictionary<string, string> Values { get; set; } = [];

    private Dictionary<string, string> Faults { get; } = new(StringComparer.Ordinal);

    private bool IsFull { get; set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        var form = HttpMethods.IsPost(Http.Request.Method) && Http.Request.Form.ContainsKey("effect") ? Http.Request.Form : null;
        Chosen = Choices<FaultEffect>.TryParse(form is null ? Effect : form["effect"].ToString(), out var effect) ? effect : FaultEffect.Status;
        Values = form is null ? FaultForm.Usual(Chosen) : FaultForm.Typed(Chosen, form);
        Active = await Service.ListAsync(Workspace.Id, Gone);
    }

    private async Task AddAsync()
    {
        var reading = new Body(JsonSerializer.SerializeToElement(FaultForm.Wanted(Chosen, Values)));
        var wanted = FaultWrite.Read(reading);
        Tell(Faults, reading.Faults().Concat(Validator.Validate(wanted).Errors));
        if (Faults.Count > 0)
        {
            Answer(StatusCodes.Status400BadRequest);
        }
        else if ((await Service.AddAsync(wanted.ToFault(Workspace.Id, Caller.Token.Name, Clock.Now()), Gone)).Refusal is not null)
        {
            Answer(StatusCodes.Status409Conflict);
            IsFull = true;
        }
        else
        {
            Go("testing?done=added");
        }
    }

    /// <summary>Ends one or all; one that has ended already is as good.</summary>
    private async Task EndAsync()
    {
        var id = Http.Request.Form["id"].ToString();
        if (id == All)
            await Service.DeleteAsync(Workspace.Id, Gone);
        else if (Guid.TryParse(id, out var uuid))
            await Service.DeleteAsync(Workspace.Id, uuid, Gone);
        Go("testing?done=ended");
    }
}
