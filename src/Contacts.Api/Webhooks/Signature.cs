using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Contacts.Webhooks;

/// <summary>How requests are signed: HMAC-SHA256 with the webhook's secret.</summary>
internal static class Signature
{
    private const string Prefix = "sha256=";
    private const string StandardVersion = "v1,";

    /// <summary>The signature of a body alone, by the text of the secret as it was shown.</summary>
    /// <param name="secret">The secret, <c>whsec_…</c>.</param>
    /// <param name="body">The body.</param>
    /// <param name="encoding">How the bytes are written.</param>
    /// <param name="hasPrefix">Whether <c>sha256=</c> stands before it.</param>
    public static string OfBody(string secret, ReadOnlySpan<byte> body, SignatureEncoding encoding, bool hasPrefix)
    {
        var bytes = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body);
        var text = encoding == SignatureEncoding.Hex ? Convert.ToHexStringLower(bytes) : Convert.ToBase64String(bytes);
        return hasPrefix ? Prefix + text : text;
    }

    /// <summary>
    /// The header <c>webhook-signature</c> of Standard Webhooks: id, time and body, by the bytes that the secret stands for; one signature per secret.
    /// </summary>
    /// <param name="secrets">The secrets, the present one first.</param>
    /// <param name="id">The header <c>webhook-id</c>.</param>
    /// <param name="timestamp">The header <c>webhook-timestamp</c>: seconds since 1970.</param>
    /// <param name="body">The body.</param>
    public static string Standard(IReadOnlyList<string> secrets, string id, long timestamp, byte[] body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        byte[] message = [.. head, .. body];
        return string.Join(' ', secrets.Select(secret => StandardVersion + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), message))));
    }

    private static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[Webhook.SecretPrefix.Length..]);
}
