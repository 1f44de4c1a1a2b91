using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Contacts.Calls;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.ObjectPool;

namespace Contacts.Dialects;

/// <summary>An answer in compact JSON, written without reflection into a pooled buffer, so that its length is known.</summary>
/// <param name="status">The status.</param>
/// <param name="write">Writes the one JSON value of the body; null for an answer without one.</param>
internal sealed class JsonAnswer(int status, Action<Utf8JsonWriter>? write) : IActionResult
{
    private static readonly ObjectPool<Buffer> Buffers = new DefaultObjectPool<Buffer>(new BufferPolicy(), maximumRetained: 64);

    /// <summary>Done, and nothing to say.</summary>
    public static JsonAnswer NoContent { get; } = new(StatusCodes.Status204NoContent, null);

    /// <summary>An empty list.</summary>
    public static JsonAnswer EmptyList { get; } = new(StatusCodes.Status200OK, static json =>
    {
        json.WriteStartArray();
        json.WriteEndArray();
    });

    /// <summary>The status.</summary>
    public int Status => status;

    /// <summary>After how many seconds the caller may try again, or null to say nothing of it.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Writes the body's JSON value into another answer.</summary>
    /// <param name="json">Where to.</param>
    public void WriteBody(Utf8JsonWriter json) => write?.Invoke(json);

    /// <inheritdoc />
    public Task ExecuteResultAsync(ActionContext context) => WriteAsync(context.HttpContext.Response);

    /// <summary>Sends the answer.</summary>
    /// <param name="response">The response.</param>
    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = status;
        if (RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (write is null)
            return;
        var buffer = Buffers.Get();
        try
        {
            write(buffer.Json);
            buffer.Json.Flush();
            response.ContentType = "application/json";
            response.ContentLength = buffer.Bytes.WrittenCount;
            if (HttpMethods.IsHead(response.HttpContext.Request.Method))
                return;
            CallRecord.Of(response.HttpContext)?.TakeAnswer(response.HttpContext, status, buffer.Bytes.WrittenSpan);
            await response.BodyWriter.WriteAsync(buffer.Bytes.WrittenMemory, response.HttpContext.RequestAborted);
        }
        finally
        {
            Buffers.Return(buffer);
        }
    }

    private sealed class Buffer
    {
        public Buffer() =>
            Json = new Utf8JsonWriter(Bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

        public ArrayBufferWriter<byte> Bytes { get; } = new(1024);

        public Utf8JsonWriter Json { get; }
    }

    private sealed class BufferPolicy : PooledObjectPolicy<Buffer>
    {
        // A page of 250 contacts fits; a rare giant is given back to the garbage collector.
        private const int Largest = 1 << 20;

        public override Buffer Create() => new();

        public override bool Return(Buffer obj)
        {
            if (obj.Bytes.Capacity > Largest)
                return false;
            obj.Bytes.ResetWrittenCount();
            obj.Json.Reset();
            return true;
        }
    }
}
