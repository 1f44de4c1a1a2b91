using System.Globalization;
using System.Text;

namespace Contacts.Webhooks.Checks;

/// <summary>How a signature may have been made, rightly or wrongly.</summary>
/// <param name="Key">The key.</param>
/// <param name="Message">What was signed.</param>
/// <param name="Secret">The secret that the key was made of.</param>
/// <param name="Body">The body within the message.</param>
/// <param name="Mistakes">What is wrong with it.</param>
internal sealed record SignatureRecipe(byte[] Key, byte[] Message, CandidateSecret Secret, BodyForm Body, IReadOnlyList<SignatureMistake> Mistakes);

/// <summary>All ways in which a signature is commonly made, those with the fewest mistakes first.</summary>
/// <param name="question">What is asked.</param>
/// <param name="isStandard">Whether the signature is that of Standard Webhooks, not the dialect's over the body alone.</param>
internal sealed class SignatureRecipes(SignatureQuestion question, bool isStandard)
{
    // Beyond this size one mistake is looked for, not several at once.
    private const int Small = 8 * 1024;

    private sealed record Part(byte[] Bytes, IReadOnlyList<SignatureMistake> Mistakes);

    /// <summary>The ways.</summary>
    public IEnumerable<SignatureRecipe> All()
    {
        BodyForm[] exact = [new BodyForm(question.Body, [])];
        var forms = BodyForms.Plain(question.Body).Concat(Sent()).Concat(BodyForms.Json(question.Body));
        var recipes = Combine(exact, rightly: true).Concat(Combine(exact, rightly: false)).Concat(Combine(forms, rightly: true));
        return question.Body.Length > Small
            ? recipes
            : recipes.Concat(Combine(BodyForms.Reordered(question.Body), rightly: true)).Concat(Combine(forms, rightly: false));
    }

    private IEnumerable<BodyForm> Sent() => question.SentBody is { } sent ? [new BodyForm(sent, [SignatureMistake.Reserialized])] : [];

    private IEnumerable<SignatureRecipe> Combine(IEnumerable<BodyForm> bodies, bool rightly)
    {
        var keys = question.Secrets.SelectMany(secret => Keys(secret.Text).Select(key => (secret, key)))
            .Where(pair => !rightly || pair.key.Mistakes.Count == 0).ToList();
        var heads = Heads().Where(head => !rightly || head.Mistakes.Count == 0).ToList();
        return from body in bodies
               from head in heads
               let message = (byte[])[.. head.Bytes, .. body.Bytes]
               from pair in keys
               where rightly || pair.key.Mistakes.Count + head.Mistakes.Count > 0
               select new SignatureRecipe(pair.key.Bytes, message, pair.secret, body, [.. pair.key.Mistakes, .. head.Mistakes, .. body.Mistakes]);
    }

    private IEnumerable<Part> Keys(string secret)
    {
        var trimmed = secret.Trim().Trim('"', '\'').Trim();
        foreach (var key in KeysOf(secret, []))
            yield return key;
        foreach (var other in new[] { trimmed, trimmed + "\n" }.Where(other => other != secret))
        {
            foreach (var key in KeysOf(other, [SignatureMistake.SecretWhitespace]))
                yield return key;
        }
    }

    private IEnumerable<Part> KeysOf(string secret, IReadOnlyList<SignatureMistake> mistakes)
    {
        var hasPrefix = secret.StartsWith(Webhook.SecretPrefix, StringComparison.Ordinal);
        var bare = hasPrefix ? secret[Webhook.SecretPrefix.Length..] : secret;
        var bytes = new byte[bare.Length];
        var decoded = Convert.TryFromBase64String(bare, bytes, out var count) && count > 0 ? bytes[..count] : null;
        if (decoded is not null)
            yield return new Part(decoded, isStandard ? mistakes : [SignatureMistake.SecretDecoded, .. mistakes]);
        yield return new Part(Encoding.UTF8.GetBytes(secret), isStandard ? [SignatureMistake.SecretAsText, .. mistakes] : mistakes);
        var other = hasPrefix ? bare : Webhook.SecretPrefix + bare;
        yield return new Part(Encoding.UTF8.GetBytes(other), [isStandard ? SignatureMistake.SecretAsText : SignatureMistake.PrefixLeftOff, .. mistakes]);
    }

    /// <summary>What may stand before the body in what is signed.</summary>
    private IEnumerable<Part> Heads()
    {
        var id = question.Headers["webhook-id"];
        var time = question.Headers["webhook-timestamp"];
        yield return Head(string.Empty, isStandard ? SignatureMistake.MissingIdAndTime : null);
        if (id is null || time is null)
            yield break;
        var right = $"{id}.{time}.";
        yield return Head(right, isStandard ? null : SignatureMistake.ExtraIdAndTime);
        var mistake = isStandard ? SignatureMistake.OtherIdOrTime : SignatureMistake.ExtraIdAndTime;
        List<string> wrong = [$"{time}.", $"{id}.", $"{time}.{id}.", $"{id}{time}", $"{id}.{time}"];
        foreach (var other in OtherIds(id))
            wrong.Add($"{other}.{time}.");
        if (long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < long.MaxValue / 1000)
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds * 1000}."));
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{id}.{DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, uint.MaxValue)):yyyy-MM-dd'T'HH:mm:ss'Z'}."));
        }

        foreach (var text in wrong)
            yield return Head(text, mistake);
    }

    private IEnumerable<string> OtherIds(string id)
    {
        var underscore = id.IndexOf('_', StringComparison.Ordinal);
        if (underscore >= 0)
            yield return id[(underscore + 1)..];
        foreach (var name in new[] { "x-webhook-delivery-id", "x-webhook-id" })
        {
            if (question.Headers[name] is { } other && other != id)
                yield return other;
        }

        if (question.Headers.DeliveryIn("x-webhook-delivery-id") is { } delivery && $"msg_{delivery:N}" is var named && named != id)
            yield return named;
    }

    private static Part Head(string text, SignatureMistake? mistake) => new(Encoding.UTF8.GetBytes(text), mistake is { } one ? [one] : []);
}
