using System.Text;
using System.Text.Json;
using Contacts.Operations;

namespace Contacts.Dialects.Whaapy;

/// <summary>The body of a call: one JSON object, whatever its Content-Type says, or the fault that refuses it.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int MaxDepth = 64;
    private const string Whole = "body";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };
    private readonly JsonDocument? _document;

    private RequestBody(JsonDocument document) => _document = document;

    private RequestBody(Fault refusal) => Refusal = refusal;

    /// <summary>Why the body can't be taken, or null.</summary>
    public Fault? Refusal { get; }

    /// <summary>The object. Only when there is no <see cref="Refusal"/>.</summary>
    public JsonElement Object => _document!.RootElement;

    /// <summary>Reads the body to its end. One without any bytes is an empty object.</summary>
    /// <param name="request">The call.</param>
    public static async Task<RequestBody> ReadAsync(HttpRequest request)
    {
        if (BodyEncoding.IsEncoded(request))
            return new RequestBody(Errors.OfStatus(StatusCodes.Status415UnsupportedMediaType));
        if (await BodyBytes.ReadAsync(request, BodyBytes.LimitOf(request)) is not { } bytes)
            return new RequestBody(Errors.OfStatus(StatusCodes.Status413PayloadTooLarge));
        return Parse(bytes.Length == 0 ? "{}"u8.ToArray() : bytes);
    }

    /// <inheritdoc />
    public void Dispose() => _document?.Dispose();

    private static RequestBody Parse(byte[] bytes)
    {
        var mark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes.AsMemory(mark), Strict);
        }
        catch (JsonException)
        {
            return new RequestBody(Errors.Invalid(Whole, Texts.Json));
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return new RequestBody(document);
        document.Dispose();
        return new RequestBody(Errors.Invalid(Whole, Texts.NotObject));
    }
}
