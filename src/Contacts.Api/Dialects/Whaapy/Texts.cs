using System.Globalization;

namespace Contacts.Dialects.Whaapy;

/// <summary>The texts of faults in a body or URL. Those of the phone number, e-mail, name and colour are the original's.</summary>
internal static class Texts
{
    public const string Phone = "Formato inválido. Usar E.164: +5215512345678";
    public const string NoPhone = "El número de teléfono es requerido";
    public const string Email = "Email inválido";
    public const string NoName = "El nombre es requerido";
    public const string Color = "Color inválido. Usar formato hex: #RRGGBB";
    public const string Country = "Código de país inválido. Usar ISO 3166-1 alpha-2: MX";
    public const string Url = "URL inválida";
    public const string PrivateUrl = "La URL lleva a una dirección privada, que este espacio de trabajo no permite";
    public const string NotBoolean = "Debe ser verdadero o falso";
    public const string Uuid = "UUID inválido";
    public const string NoStage = "Etapa no encontrada";
    public const string Json = "JSON inválido";
    public const string NotObject = "Debe ser un objeto JSON";
    public const string NotText = "Debe ser texto";
    public const string NotList = "Debe ser una lista";
    public const string NotTexts = "Debe ser una lista de textos";
    public const string NotNumber = "Debe ser un número entero";
    public const string NotStorable = "Contiene caracteres o números que no se pueden guardar";
    public const string Time = "Fecha inválida. Usar ISO 8601: 2026-01-28T12:00:00Z";
    public const string Cursor = "Cursor inválido";
    public const string Required = "Este campo es requerido";
    public const string Anonymous = "No disponible en un espacio de trabajo anónimo";
    public const string SameContact = "No se puede fusionar un contacto consigo mismo";
    public const string Repeated = "No repetir elementos";

    public static string TooLong(int length) => string.Create(CultureInfo.InvariantCulture, $"Máximo {length} caracteres");

    public static string TooMany(int items) => string.Create(CultureInfo.InvariantCulture, $"Máximo {items} elementos");

    public static string AtLeast(int least) => string.Create(CultureInfo.InvariantCulture, $"Debe ser {least} o más");

    public static string NotChoice(IEnumerable<string> choices) => $"Valor inválido. Usar: {string.Join(", ", choices)}";
}
