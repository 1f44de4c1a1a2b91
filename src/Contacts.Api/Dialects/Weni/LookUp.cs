using System.Text.Json;
using Contacts.Urns;
using Contacts.Workspaces;
using FluentValidation.Results;

namespace Contacts.Dialects.Weni;

/// <summary>How the URL of a POST or DELETE names one object: by at most one of the endpoint's look-up parameters.</summary>
internal sealed record LookUp
{
    private static readonly LookUp None = new();

    private const string AnonymousText = "URN lookups not allowed for anonymous organizations";

    /// <summary>The parameter's name; null when there is none.</summary>
    public string? Parameter { get; private init; }

    /// <summary>The parameter's value.</summary>
    public string Value { get; private init; } = string.Empty;

    /// <summary>The value of <c>uuid</c>; null when it is no uuid, so that nothing can be found.</summary>
    public Guid? Uuid => Parameter == "uuid" && TryUuid(Value, out var uuid) ? uuid : null;

    /// <summary>The value of <c>urn</c>, normalised; null when another parameter is used.</summary>
    public Urn? Urn { get; private init; }

    /// <summary>Reads the URL.</summary>
    /// <param name="query">The query parameters.</param>
    /// <param name="endpoint">The endpoint, which knows its parameters.</param>
    /// <param name="workspace">The workspace, whose country national numbers are read with.</param>
    /// <param name="isRequired">Whether one must be there.</param>
    /// <returns>The look-up, or the answer that refuses the URL.</returns>
    public static (LookUp LookUp, JsonAnswer? Refusal) Read(IQueryCollection query, Endpoint endpoint, Workspace workspace, bool isRequired)
    {
        string? given = null;
        foreach (var parameter in endpoint.LookUps)
        {
            if (!query.ContainsKey(parameter))
                continue;
            if (given is not null)
                return (None, Refuse($"URL can only contain one of the following parameters: {string.Join(", ", endpoint.LookUps)}"));
            given = parameter;
        }

        if (given is null)
        {
            return isRequired
                ? (None, Refuse($"URL must contain one of the following parameters: {string.Join(", ", endpoint.LookUps)}"))
                : (None, null);
        }

        var lookUp = new LookUp { Parameter = given, Value = query[given][^1] ?? string.Empty };
        if (lookUp.Parameter != "urn")
            return (lookUp, null);
        if (workspace.IsAnonymous)
            return (None, AnonymousRefusal);
        return TryUrn(lookUp.Value, workspace, out var urn) ? (lookUp with { Urn = urn }, null) : (None, InvalidUrn(lookUp.Value));
    }

    /// <summary>Reads how an item of a list names its contact: by the attribute <c>uuid</c> or <c>urn</c>, or not at all to make one.</summary>
    /// <param name="item">The item.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="faults">Where faults are told.</param>
    public static LookUp OfItem(JsonElement item, Workspace workspace, List<ValidationFailure> faults)
    {
        var attributes = JsonReading.Attributes(item);
        var reading = new JsonReading(faults);
        if (attributes.TryGetValue("uuid", out var uuid))
        {
            if (attributes.ContainsKey("urn"))
                reading.Fault(Errors.Whole, Texts.UuidAndUrn);
            return reading.Text(uuid, "uuid") is { } id ? new LookUp { Parameter = "uuid", Value = id } : None;
        }

        if (!attributes.TryGetValue("urn", out var value) || reading.Text(value, "urn") is not { } text)
            return None;
        if (!workspace.IsAnonymous && TryUrn(text, workspace, out var urn))
            return new LookUp { Parameter = "urn", Value = text, Urn = urn };
        reading.Fault("urn", workspace.IsAnonymous ? AnonymousText : $"Invalid URN: {text}");
        return None;
    }

    /// <summary>The answer to a look-up by an address that is hidden.</summary>
    public static JsonAnswer AnonymousRefusal { get; } = Refuse(AnonymousText);

    /// <summary>The answer to a URN that can't be looked up.</summary>
    /// <param name="text">The URN as it was given.</param>
    public static JsonAnswer InvalidUrn(string text) => Refuse($"Invalid URN: {text}");

    /// <summary>Normalises a URN of a URL, in which an unencoded <c>+</c> has become a space.</summary>
    /// <param name="text">The URN as it was given.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="urn">The URN.</param>
    /// <returns>Whether it can be looked up.</returns>
    public static bool TryUrn(string text, Workspace workspace, out Urn urn) =>
        Contacts.Urns.Urn.TryNormalize(text, workspace.Country, out urn) == UrnFault.None && urn.Identity.Length <= Contacts.Urns.Urn.MaxLength;

    /// <summary>Reads a uuid. Only the canonical form in lower case is one: in capitals it finds nothing, as with the reference.</summary>
    /// <param name="text">The text.</param>
    /// <param name="uuid">The uuid.</param>
    public static bool TryUuid(string text, out Guid uuid) =>
        Guid.TryParseExact(text, "D", out uuid) && !text.AsSpan().ContainsAnyInRange('A', 'F');

    private static JsonAnswer Refuse(string detail) => Errors.Detail(StatusCodes.Status400BadRequest, detail);
}
