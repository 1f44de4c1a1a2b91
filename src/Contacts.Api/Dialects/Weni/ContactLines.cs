using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Contacts.Calls;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Dialects.Weni;

/// <summary>
/// Contacts as lines of JSON, any number of them: read, written and answered batch by batch, so that memory stays flat. While PostgreSQL writes a batch,
/// the one before it is answered and the next one read; they are written one after the other, since a contact may stand in both.
/// </summary>
/// <param name="bulk">Reads and writes the items.</param>
public sealed class ContactLines(ContactBulk bulk)
{
    /// <summary>Their media type.</summary>
    internal const string Type = "application/x-ndjson";

    private const int LinesPerBatch = 500;
    private const int MaxLine = 1 << 20;
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the lines of a call and answers each.</summary>
    /// <param name="context">The call.</param>
    /// <param name="caller">Whose call it is.</param>
    internal async Task AnswerAsync(HttpContext context, Caller caller)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        context.Response.ContentType = Type;
        var record = CallRecord.Of(context);
        var applied = Task.FromResult<JsonAnswer[]>([]);
        var (answered, answering) = (Task.CompletedTask, Task.CompletedTask);
        try
        {
            await foreach (var bodies in BatchesAsync(context.Request.BodyReader, record, context.RequestAborted))
            {
                var good = bodies.Where(body => body.Refusal is null).Select(body => body.Object).ToList();
                var read = await bulk.ReadAsync(caller, good, context.RequestAborted);
                await applied;

                // A client that reads slowly holds up the lines after it.
                await answered;
                applied = bulk.ApplyAsync(caller, read, context.RequestAborted);
                (answered, answering) = (answering, AnswerAsync(context, bodies, applied, answering));
            }
        }
        finally
        {
            // What is being written is answered, whatever the lines after it are.
            await answering;
        }
    }

    private static async Task AnswerAsync(HttpContext context, List<RequestBody> bodies, Task<JsonAnswer[]> applied, Task before)
    {
        await before;
        var answers = new Queue<JsonAnswer>(await applied);

        // The next batch goes to PostgreSQL first.
        await Task.Yield();
        var writer = context.Response.BodyWriter;
        await using (var json = new Utf8JsonWriter(writer, Relaxed))
        {
            foreach (var body in bodies)
            {
                var answer = body.Refusal ?? answers.Dequeue();
                ContactBulk.Write(json, answer);
                Record(context, answer);
                await json.FlushAsync(context.RequestAborted);
                json.Reset();
                writer.Write("\n"u8);
                body.Dispose();
            }
        }

        await writer.FlushAsync(context.RequestAborted);
    }

    /// <summary>The first answers are recorded: that is where people look for what went wrong.</summary>
    private static void Record(HttpContext context, JsonAnswer answer)
    {
        if (CallRecord.Of(context) is not { } record || !record.WantsAnswer(context))
            return;
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line, Relaxed))
            ContactBulk.Write(json, answer);
        line.Write("\n"u8);
        record.AddToAnswer(context, context.Response.StatusCode, line.WrittenSpan);
    }

    private static async IAsyncEnumerable<List<RequestBody>> BatchesAsync(
        PipeReader reader, CallRecord? record, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var bodies = new List<RequestBody>(LinesPerBatch);
        await foreach (var line in LinesAsync(reader, cancellation))
        {
            record?.AddToBody(line);
            record?.AddToBody("\n"u8);
            bodies.Add(RequestBody.Parse(line));
            if (bodies.Count < LinesPerBatch)
                continue;
            yield return bodies;
            bodies = new List<RequestBody>(LinesPerBatch);
        }

        if (bodies.Count > 0)
            yield return bodies;
    }

    private static async IAsyncEnumerable<byte[]> LinesAsync(
        PipeReader reader, [EnumeratorCancellation] CancellationToken cancellation)
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
