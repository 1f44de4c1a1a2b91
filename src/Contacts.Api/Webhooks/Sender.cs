using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Contacts.Core;

namespace Contacts.Webhooks;

/// <summary>Makes one attempt: signs, sends, and reads as much of the answer as is kept. Whatever the receiver does is an outcome, not an error.</summary>
/// <param name="settings">How long to wait.</param>
/// <param name="render">Puts events into words.</param>
/// <param name="clock">The clock.</param>
public sealed class Sender(WebhookSettings settings, EventRendering render, TimeProvider clock) : IDisposable
{
    private const int MostRead = 64 * 1024;
    private const int MostKept = 1024;
    private const int LongestError = 300;

    // Connections are shared by all that go to one host, so those that may be to private addresses have a pool of their own.
    private readonly HttpClient _strict = NewClient(allowsPrivate: false);
    private readonly HttpClient _lax = NewClient(allowsPrivate: true);

    /// <summary>Sends an event.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="row">The event.</param>
    /// <param name="cancellation">Gives up, which is no outcome.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="OperationCanceledException">When it was given up.</exception>
    internal async Task<Attempt> SendAsync(LeasedWebhook target, OutboxRow row, CancellationToken cancellation)
    {
        var requestedOn = clock.Now();
        var began = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.Timeout);
        int? status = null;
        string? error, answer = null;
        try
        {
            using var request = NewRequest(target, row, requestedOn);
            using var response = await (target.AllowsPrivate ? _lax : _strict).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            status = (int)response.StatusCode;
            error = FaultOf(status.Value);
            answer = await ReadAsync(response, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"No answer within {settings.Timeout.TotalSeconds:0.###} seconds.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or UriFormatException or InvalidOperationException)
        {
            error = TextOf(failure);
        }

        var duration = (int)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return new Attempt(row, RowId.At(requestedOn), row.Attempts + 1, requestedOn, duration, status, error, answer);
    }

    /// <summary>What an attempt sent, in the dialect's words.</summary>
    /// <param name="webhook">Where it went.</param>
    /// <param name="attempt">The attempt.</param>
    internal RenderedEvent Render(Webhook webhook, WebhookDelivery attempt) =>
        render(webhook, attempt.DeliveryId, ContactEvent.Parse(OutboxRow.KindOf(attempt.Kind), attempt.SubjectId, attempt.Event));

    /// <inheritdoc />
    public void Dispose()
    {
        _strict.Dispose();
        _lax.Dispose();
    }

    private static HttpClient NewClient(bool allowsPrivate) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        Credentials = null,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 32,
        ConnectCallback = (context, cancellation) => Target.ConnectAsync(context.DnsEndPoint, allowsPrivate, cancellation),
    })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    private HttpRequestMessage NewRequest(LeasedWebhook target, OutboxRow row, DateTime now)
    {
        var webhook = target.Webhook;
        var rendered = render(webhook, row.Id, row.ToEvent());
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(webhook.Url)) { Content = new ByteArrayContent(rendered.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var headers = request.Headers;
        headers.UserAgent.Add(new ProductInfoHeaderValue("Contacts", null));
        foreach (var (name, value) in HeadersOf(webhook, row.Id, rendered, webhook.SecretsAt(now + target.ClockOffset), now))
            headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>The headers of a request that tell of its delivery and sign it.</summary>
    /// <param name="webhook">Where it goes.</param>
    /// <param name="deliveryId">The delivery's id.</param>
    /// <param name="rendered">The event in the dialect's words.</param>
    /// <param name="secrets">The secrets to sign with, the present one first.</param>
    /// <param name="at">When it is sent.</param>
    internal static IReadOnlyList<KeyValuePair<string, string>> HeadersOf(
        Webhook webhook, Guid deliveryId, RenderedEvent rendered, IReadOnlyList<string> secrets, DateTime at)
    {
        List<KeyValuePair<string, string>> headers =
            [.. rendered.Headers, new(rendered.SignatureHeader, SignatureOf(webhook, secrets[0], rendered.Body))];
        if (secrets.Count > 1)
            headers.Add(new(rendered.SignatureHeader + "-Previous", SignatureOf(webhook, secrets[1], rendered.Body)));
        var id = "msg_" + deliveryId.ToString("N");
        var timestamp = new DateTimeOffset(at).ToUnixTimeSeconds();
        headers.Add(new("webhook-id", id));
        headers.Add(new("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture)));
        headers.Add(new("webhook-signature", Signature.Standard(secrets, id, timestamp, rendered.Body)));
        return headers;
    }

    private static string SignatureOf(Webhook webhook, string secret, byte[] body) =>
        Signature.OfBody(secret, body, webhook.SignatureEncoding, webhook.SignatureHasPrefix);

    private static string? FaultOf(int status) => status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => string.Create(CultureInfo.InvariantCulture, $"Answered {status}; redirects are not followed."),
        _ => string.Create(CultureInfo.InvariantCulture, $"Answered {status}."),
    };

    /// <summary>The status decides; a body that breaks off or never ends changes nothing, and what is not read to its end is hung up on.</summary>
    private static async Task<string?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MostRead);
        var read = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            int count;
            while (read < MostRead && (count = await body.ReadAsync(buffer.AsMemory(read, MostRead - read), cancellation)) > 0)
                read += count;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            // As much as came is what there is.
        }

        // PostgreSQL holds no NUL.
        var text = read == 0 ? null : Encoding.UTF8.GetString(buffer, 0, Math.Min(read, MostKept)).Replace('\0', '\uFFFD');
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    private static string TextOf(Exception error)
    {
        var text = (error.InnerException is TargetRefusedException or System.Net.Sockets.SocketException ? error.InnerException : error).Message;
        return text.Length <= LongestError ? text : text[..LongestError];
    }
}
