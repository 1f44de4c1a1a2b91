using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Contacts.Dialects.Weni;

/// <summary>Many contacts in one call. Ours: the original has no such endpoint.</summary>
/// <param name="bulk">Writes the items.</param>
[Route("/api/v2/contacts_bulk.json")]
[ApiExplorerSettings(GroupName = Setup.Document)]
public sealed class ContactsBulkController(ContactBulk bulk) : ControllerBase
{
    private const string LinesType = "application/x-ndjson";
    private const int MaxItems = 1000;
    private const int LinesPerBatch = 500;
    private const int MaxLine = 1 << 20;
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>
    /// Creates or updates up to 1,000 contacts, each named by <c>uuid</c>, by <c>urn</c>, or not at all to be created; or, as <c>application/x-ndjson</c>,
    /// one per line without limit, answered line by line while they are sent.
    /// </summary>
    [HttpPost]
    public async Task<IActionResult> Write(CancellationToken cancellation)
    {
        var caller = HttpContext.Caller();
        if (MediaTypeHeaderValue.TryParse(Request.ContentType, out var type) && type.MediaType.Equals(LinesType, StringComparison.OrdinalIgnoreCase))
        {
            await WriteLinesAsync(caller, cancellation);
            return new EmptyResult();
        }

        using var body = await RequestBody.ReadAsync(Request);
        if (body.Refusal is not null)
            return body.Refusal;
        if (Refuse(body.Object, out var contacts) is { } refusal)
            return refusal;
        var answers = await bulk.ApplyAsync(caller, [.. contacts.EnumerateArray()], cancellation);
        return new JsonAnswer(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("results");
            foreach (var answer in answers)
                ContactBulk.Write(json, answer);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static JsonAnswer? Refuse(JsonElement body, out JsonElement contacts)
    {
        if (!JsonReading.Attributes(body).TryGetValue("contacts", out contacts))
            return Errors.Invalid([new("contacts", Texts.Required)]);
        if (contacts.ValueKind != JsonValueKind.Array)
            return Errors.Invalid([new("contacts", contacts.ValueKind == JsonValueKind.Null ? Texts.Null : Texts.NotList(JsonReading.TypeOf(contacts)))]);
        return contacts.GetArrayLength() > MaxItems ? Errors.Invalid([new("contacts", Texts.TooMany(MaxItems))]) : null;
    }

    /// <summary>Reads, writes and answers a batch of lines after the other, so that memory stays flat however many there are.</summary>
    private async Task WriteLinesAsync(Caller caller, CancellationToken cancellation)
    {
        HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        Response.ContentType = LinesType;
        var lines = new List<byte[]>(LinesPerBatch);
        await foreach (var line in LinesAsync(Request.BodyReader, cancellation))
        {
            lines.Add(line);
            if (lines.Count < LinesPerBatch)
                continue;
            await AnswerAsync(caller, lines, cancellation);
            lines.Clear();
        }

        if (lines.Count > 0)
            await AnswerAsync(caller, lines, cancellation);
    }

    private async Task AnswerAsync(Caller caller, List<byte[]> lines, CancellationToken cancellation)
    {
        var bodies = lines.ConvertAll(RequestBody.Parse);
        var good = bodies.Where(body => body.Refusal is null).Select(body => body.Object).ToList();
        var answers = new Queue<JsonAnswer>(await bulk.ApplyAsync(caller, good, cancellation));
        await using (var json = new Utf8JsonWriter(Response.BodyWriter, Relaxed))
        {
            foreach (var body in bodies)
            {
                ContactBulk.Write(json, body.Refusal ?? answers.Dequeue());
                await json.FlushAsync(cancellation);
                json.Reset();
                Response.BodyWriter.Write("\n"u8);
                body.Dispose();
            }
        }

        await Response.BodyWriter.FlushAsync(cancellation);
    }

    private static async IAsyncEnumerable<byte[]> LinesAsync(
        PipeReader reader, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellation);
            var buffer = result.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                if (LineOf(buffer.Slice(0, end)) is { } line)
                    yield return line;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (result.IsCompleted)
            {
                if (LineOf(buffer) is { } last)
                    yield return last;
                reader.AdvanceTo(buffer.End);
                yield break;
            }

            if (buffer.Length > MaxLine)
                throw new BadHttpRequestException($"A line is longer than {MaxLine} bytes.", StatusCodes.Status413PayloadTooLarge);
            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>A line, or null for a blank one.</summary>
    private static byte[]? LineOf(in ReadOnlySequence<byte> bytes)
    {
        var line = bytes.ToArray();
        return line.AsSpan().IndexOfAnyExcept(" \t\r"u8) < 0 ? null : line;
    }
}
