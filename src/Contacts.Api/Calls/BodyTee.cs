using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Calls;

/// <summary>For calls whose bodies nobody holds in one piece: what is read and written goes through here, and the beginning of it into the call's record.</summary>
internal static class BodyTee
{
    /// <summary>Lets the rest of the server answer, and listens.</summary>
    /// <param name="context">The call.</param>
    /// <param name="record">Its record.</param>
    /// <param name="next">The rest of the server.</param>
    public static async Task ListenAsync(HttpContext context, CallRecord record, RequestDelegate next)
    {
        var (request, sent) = (context.Request.Body, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        await using var reading = new ReadTee(request, record);
        await using var writing = new WriteTee(sent.Stream, context, record);
        var answering = new StreamResponseBodyFeature(writing, sent);
        try
        {
            context.Request.Body = reading;
            context.Features.Set<IHttpResponseBodyFeature>(answering);
            await next(context);
        }
        finally
        {
            context.Request.Body = request;
            context.Features.Set(sent);
        }
    }

    /// <summary>A stream that only passes on; whose it is disposes of it.</summary>
    private abstract class Tee(Stream inner) : Stream
    {
        protected Stream Inner => inner;

        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => false;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private sealed class ReadTee(Stream inner, CallRecord record) : Tee(inner)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await Inner.ReadAsync(buffer, cancellationToken);
            record.AddToBody(buffer.Span[..read]);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    private sealed class WriteTee(Stream inner, HttpContext context, CallRecord record) : Tee(inner)
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            record.AddToAnswer(context, context.Response.StatusCode, buffer.Span);
            return Inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
