using System.Globalization;
using System.Text.Json;
using Contacts.Core;
using Contacts.Data;
using Contacts.Webhooks;
using FluentValidation.Results;

namespace Contacts.Dialects.Whaapy;

/// <summary>A refusal as clients read it: <c>{"error":"not_found","message":"Contacto no encontrado"}</c>.</summary>
/// <param name="Status">The status.</param>
/// <param name="Error">What programs match on.</param>
/// <param name="Message">What people read.</param>
internal sealed record Fault(int Status, string Error, string Message)
{
    /// <summary>What is wrong with each attribute, or null.</summary>
    public IReadOnlyList<ValidationFailure>? Details { get; init; }

    /// <summary>The contact that is in the way, or null.</summary>
    public Guid? ExistingContactId { get; init; }

    /// <summary>After how many seconds to try again, or null.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The refusal as an answer.</summary>
    public JsonAnswer Answer => new(Status, json =>
    {
        json.WriteStartObject();
        WriteAttributes(json);
        json.WriteEndObject();
    })
    {
        RetryAfter = RetryAfter,
    };

    /// <summary>Writes the attributes into an object that was begun.</summary>
    /// <param name="json">Where to.</param>
    public void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteString("error", Error);
        json.WriteString("message", Message);
        if (ExistingContactId is { } id)
            json.WriteString("existing_contact_id", id);
        if (Details is null)
            return;
        json.WriteStartObject("details");
        foreach (var attribute in Details.GroupBy(detail => detail.PropertyName, StringComparer.Ordinal))
        {
            json.WriteStartArray(attribute.Key);
            foreach (var detail in attribute)
                json.WriteStringValue(detail.ErrorMessage);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}

/// <summary>The only place that turns refusals and faults into statuses and bodies.</summary>
internal static class Errors
{
    private const string NotFoundError = "not_found";

    /// <summary>There is no such contact.</summary>
    public static Fault NotFound { get; } = new(StatusCodes.Status404NotFound, NotFoundError, "Contacto no encontrado");

    /// <summary>There is no such contact to join to another one.</summary>
    public static Fault OtherNotFound { get; } = new(StatusCodes.Status404NotFound, NotFoundError, "Contacto a fusionar no encontrado");

    /// <summary>There is no such stage.</summary>
    public static Fault NoStage { get; } = new(StatusCodes.Status404NotFound, NotFoundError, Texts.NoStage);

    /// <summary>There is no such webhook.</summary>
    public static Fault NoWebhook { get; } = new(StatusCodes.Status404NotFound, NotFoundError, "Webhook no encontrado");

    /// <summary>There are as many webhooks as there may be.</summary>
    public static Fault TooManyWebhooks { get; } = new(
        StatusCodes.Status409Conflict, "limit_reached", string.Create(CultureInfo.InvariantCulture, $"Se alcanzó el máximo de {Webhook.MaxCount} webhooks"));

    /// <summary>There is no such endpoint.</summary>
    public static Fault NoEndpoint { get; } = new(StatusCodes.Status404NotFound, NotFoundError, "Ruta no encontrada");

    /// <summary>No key, or one that opens nothing here.</summary>
    public static Fault Unauthorized { get; } = new(StatusCodes.Status401Unauthorized, "unauthorized", "API key inválida");

    /// <summary>The workspace may only read.</summary>
    public static Fault NotInGoodStanding { get; } = new(
        StatusCodes.Status403Forbidden, "forbidden", "El espacio de trabajo está suspendido y solo permite lectura");

    /// <summary>The key's role may not do this.</summary>
    /// <param name="scope">What it lacks.</param>
    public static Fault MissingScope(string scope) => new(StatusCodes.Status403Forbidden, "forbidden", $"Missing required scopes: {scope}");

    /// <summary>The token made as many calls within the minute as it may.</summary>
    /// <param name="wait">The time after which the next call passes.</param>
    public static Fault Throttled(TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        var message = string.Create(CultureInfo.InvariantCulture, $"Demasiadas solicitudes. Intenta de nuevo en {seconds} s");
        return new Fault(StatusCodes.Status429TooManyRequests, "rate_limit_exceeded", message) { RetryAfter = seconds };
    }

    /// <summary>A failure that no rule of the dialect foresees.</summary>
    /// <param name="status">Its status.</param>
    public static Fault OfStatus(int status) => status switch
    {
        StatusCodes.Status405MethodNotAllowed => new(status, "method_not_allowed", "Método no permitido"),
        StatusCodes.Status413PayloadTooLarge => new(status, "payload_too_large", "El cuerpo de la solicitud es demasiado grande"),
        StatusCodes.Status503ServiceUnavailable => new(status, "service_unavailable", "Servicio no disponible. Intenta de nuevo en un momento"),
        >= StatusCodes.Status500InternalServerError => new(status, "internal_error", "Error interno del servidor"),
        _ => new(status, "bad_request", "Solicitud inválida"),
    };

    /// <summary>A status as the API would answer it: for faults on request.</summary>
    /// <param name="status">The status.</param>
    /// <param name="wait">After what time to try again, or null.</param>
    public static Fault OfStatus(int status, TimeSpan? wait) => status switch
    {
        StatusCodes.Status401Unauthorized => Unauthorized,
        StatusCodes.Status403Forbidden => NotInGoodStanding,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status429TooManyRequests => Throttled(wait ?? TimeSpan.FromSeconds(1)),
        _ => OfStatus(status),
    };

    /// <summary>All faults of a request, by attribute.</summary>
    /// <param name="faults">The faults.</param>
    public static Fault Invalid(IEnumerable<ValidationFailure> faults) =>
        new(StatusCodes.Status400BadRequest, "validation_error", "Datos inválidos") { Details = [.. faults] };

    /// <summary>One fault.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="text">What is wrong with it.</param>
    public static Fault Invalid(string attribute, string text) => Invalid([new ValidationFailure(attribute, text)]);

    /// <summary>A refusal of the book that is about a contact.</summary>
    /// <param name="refusal">Why.</param>
    public static Fault Of(Refusal refusal) => refusal switch
    {
        Refusal.NotFound or Refusal.ContactDeleted => NotFound,
        Refusal.OtherNotFound => OtherNotFound,
        Refusal.SameContact => Invalid("merge_with", Texts.SameContact),
        Refusal.UrnTaken(var identity, var owner) => new Fault(
            StatusCodes.Status409Conflict,
            "duplicate_contact",
            identity.StartsWith("mailto:", StringComparison.Ordinal) ? "Ya existe un contacto con este email" : "Ya existe un contacto con este número de teléfono")
        {
            ExistingContactId = owner,
        },
        Refusal.TooMany(var attribute, var limit) => Invalid(NameOf(attribute), Texts.TooMany(limit)),
        Refusal.TargetRefused(var fault) => Invalid("url", fault == TargetFault.Address ? Texts.PrivateUrl : Texts.Url),
        Refusal.LimitReached(_, var limit) => new Fault(
            StatusCodes.Status409Conflict, "limit_reached", string.Create(CultureInfo.InvariantCulture, $"Se alcanzó el máximo de {limit} etapas")),
        Refusal.Failed(var error) when error.IsForAMoment() => OfStatus(StatusCodes.Status503ServiceUnavailable),
        Refusal.Failed => OfStatus(StatusCodes.Status500InternalServerError),
        _ => throw new InvalidOperationException($"No answer is known for {refusal}."),
    };

    private static string NameOf(CountedAttribute attribute) => attribute switch
    {
        CountedAttribute.Tags => "tags",
        CountedAttribute.CustomValues => "custom_fields",
        CountedAttribute.ExternalIds => "external_ids",
        CountedAttribute.Urns => "phone_number",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, "An unknown attribute."),
    };
}
