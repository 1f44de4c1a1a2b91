using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Contacts.Operations;
using Microsoft.Net.Http.Headers;

namespace Contacts.Dialects.Weni;

/// <summary>The body of a call: one JSON object, or the answer that refuses it.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int MaxDepth = 64;
    private const string BadForm = "Form parse error - the body is no well-formed form";

    private const string Json = "application/json";

    private static readonly MediaTypeHeaderValue PlainJson = new(Json);
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };
    private readonly JsonDocument? _document;

    private RequestBody(JsonDocument document) => _document = document;

    private RequestBody(JsonAnswer refusal) => Refusal = refusal;

    /// <summary>The answer, when the body can't be taken; else null.</summary>
    public JsonAnswer? Refusal { get; }

    /// <summary>The object. Only when there is no <see cref="Refusal"/>.</summary>
    public JsonElement Object => _document!.RootElement;

    /// <summary>Reads the body to its end.</summary>
    /// <param name="request">The call.</param>
    public static async Task<RequestBody> ReadAsync(HttpRequest request)
    {
        var limit = BodyBytes.LimitOf(request);
        if (TypeOf(request, out var type) && FormBody.Is(type.MediaType) && !BodyEncoding.IsEncoded(request))
            return await ReadFormAsync(request, limit);
        if (await BodyBytes.ReadAsync(request, limit) is not { } bytes)
            return TooLarge(limit);
        if (bytes.Length == 0)
            return Parse("{}"u8.ToArray());
        if (EncodingOf(request, type) is not { } encoding)
            return Unsupported(request);
        return Parse(encoding is UTF8Encoding ? bytes : Encoding.Convert(encoding, Encoding.UTF8, bytes));
    }

    /// <inheritdoc />
    public void Dispose() => _document?.Dispose();

    /// <summary>Reads one object from its JSON.</summary>
    /// <param name="bytes">The JSON.</param>
    public static RequestBody Parse(byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble))
            return Malformed("Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)");
        if (!Utf8.IsValid(bytes))
            return Malformed(JsonFault.OfBadUtf8(bytes));
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Strict);
        }
        catch (JsonException error)
        {
            return Malformed(JsonFault.Of(error, bytes));
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return new RequestBody(document);
        document.Dispose();
        return new RequestBody(Errors.Invalid(Texts.NotObject));
    }

    private static async Task<RequestBody> ReadFormAsync(HttpRequest request, long limit)
    {
        try
        {
            return await FormBody.ReadAsync(request) is { } json ? Parse(json) : new RequestBody(Errors.Detail(StatusCodes.Status400BadRequest, BadForm));
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge(limit);
        }
    }

    /// <returns>The encoding of a body of JSON; null when the body is something else, or can't be decoded.</returns>
    private static Encoding? EncodingOf(HttpRequest request, MediaTypeHeaderValue? type)
    {
        if (BodyEncoding.IsEncoded(request) || type is null || !type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
            return null;
        return type.Charset.HasValue ? EncodingOf(HeaderUtilities.RemoveQuotes(type.Charset).ToString()) : Encoding.UTF8;
    }

    /// <summary>What most clients send needs no reading.</summary>
    private static bool TypeOf(HttpRequest request, [NotNullWhen(true)] out MediaTypeHeaderValue? type)
    {
        type = string.Equals(request.ContentType, Json, StringComparison.Ordinal) ? PlainJson : null;
        return type is not null || MediaTypeHeaderValue.TryParse(request.ContentType, out type);
    }

    private static Encoding? EncodingOf(string charset)
    {
        try
        {
            return Encoding.GetEncoding(charset);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static RequestBody Unsupported(HttpRequest request) => new(Errors.Detail(
        StatusCodes.Status415UnsupportedMediaType, $"Unsupported media type \"{request.ContentType}\" in request."));

    private static RequestBody TooLarge(long limit) =>
        new(Errors.Detail(StatusCodes.Status413PayloadTooLarge, $"Request body is larger than {limit} bytes."));

    private static RequestBody Malformed(string what) =>
        new(Errors.Detail(StatusCodes.Status400BadRequest, $"JSON parse error - {what}"));
}
