using System.Globalization;
using System.Security.Cryptography;

namespace Contacts.Webhooks.Checks;

/// <summary>
/// Says of a request whether its signatures verify, and if not, which common mistake explains it: each mistake is made on purpose, and the one after which
/// the signature comes out is told. Nothing is written down of what it is given.
/// </summary>
internal static class SignatureCheck
{
    /// <summary>How far the time may be off in the libraries of Standard Webhooks.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The largest body that is looked at, in bytes.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>Checks a request.</summary>
    /// <param name="question">The request, and what is known beside it.</param>
    /// <param name="until">Ends the search: what was not explained by then is told as unexplained.</param>
    public static SignatureReport Check(SignatureQuestion question, CancellationToken until = default)
    {
        var signatures = question.Headers.Signatures.ToList();
        if (question.Secrets.Count == 0)
            return new SignatureReport([], [SignatureMistake.NoSecret]);
        if (signatures.Count == 0 && string.IsNullOrWhiteSpace(question.Computed))
            return new SignatureReport([], [SignatureMistake.NoSignature]);
        List<SignatureFinding> findings = [.. signatures.Select(header => OfHeader(question, header.Key, header.Value, until))];
        if (!string.IsNullOrWhiteSpace(question.Computed))
            findings.Add(OfComputed(question, question.Computed, until));
        return new SignatureReport(findings, OfAll(question, findings));
    }

    private static SignatureFinding OfHeader(SignatureQuestion question, string name, string value, CancellationToken until)
    {
        var isStandard = PastedHeaders.IsStandard(name);

        // Standard Webhooks has one signature for each secret, parted by spaces.
        var texts = (isStandard ? value.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [value]).Select(SignatureText.Read).OfType<SignatureText>().ToList();
        if (texts.Count == 0)
            return new SignatureFinding(name, false, [SignatureMistake.Unreadable]);
        var isPrevious = name.EndsWith(PastedHeaders.PreviousSuffix, StringComparison.Ordinal);
        if (Search(question, texts, isStandard, until) is not { } found)
        {
            var isComplete = !isStandard || (question.Headers["webhook-id"] is not null && question.Headers["webhook-timestamp"] is not null);
            return new SignatureFinding(name, false, [isComplete ? SignatureMistake.Unexplained : SignatureMistake.IdOrTimeNotGiven]);
        }

        var (recipe, text) = found;
        List<SignatureMistake> mistakes = [.. MistakesOf(question, recipe), .. text.Oddities, .. WritingOf(text, isStandard, question.Writing)];
        if (isPrevious)
            mistakes.Add(SignatureMistake.OldSecret);
        else if (OriginOf(question, recipe.Secret) is { } origin)
            mistakes.Add(origin);
        if (isStandard && TimeOf(question) is { } time)
            mistakes.Add(time);
        return Finding(name, recipe, question, mistakes);
    }

    /// <summary>What the receiver computed, which may be meant for either header: whichever explains it with fewer mistakes.</summary>
    private static SignatureFinding OfComputed(SignatureQuestion question, string value, CancellationToken until)
    {
        if (SignatureText.Read(value) is not { } text)
            return new SignatureFinding(null, false, [SignatureMistake.Unreadable]);
        var ways = new List<SignatureFinding>();
        foreach (var isStandard in (ReadOnlySpan<bool>)[false, true])
        {
            if (Search(question, [text], isStandard, until) is not { Recipe: var recipe })
                continue;
            var writing = WritingOf(text, isStandard, question.Writing ?? WritingOfHeader(question)).Where(one => one != SignatureMistake.SignatureVersion);
            ways.Add(Finding(null, recipe, question, [.. MistakesOf(question, recipe), .. text.Oddities, .. writing]));
        }

        return ways.MinBy(way => way.Mistakes.Count) ?? new SignatureFinding(null, false, [SignatureMistake.Unexplained]);
    }

    private static SignatureFinding Finding(string? name, SignatureRecipe recipe, SignatureQuestion question, List<SignatureMistake> mistakes) =>
        new(name, true, [.. mistakes.Distinct()])
        {
            Secret = recipe.Secret.Origin,
            SignedBody = recipe.Body.Bytes.AsSpan().SequenceEqual(question.Body) ? null : recipe.Body.Bytes,
        };

    private static (SignatureRecipe Recipe, SignatureText Text)? Search(SignatureQuestion question, List<SignatureText> texts, bool isStandard, CancellationToken until)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var recipe in new SignatureRecipes(question, isStandard).All())
        {
            if (until.IsCancellationRequested)
                return null;
            HMACSHA256.HashData(recipe.Key, recipe.Message, mac);
            foreach (var text in texts)
            {
                if (CryptographicOperations.FixedTimeEquals(mac, text.Bytes))
                    return (recipe, text);
            }
        }

        return null;
    }

    /// <summary>The recipe's mistakes; what was done to a body that was written again is told in full.</summary>
    private static IEnumerable<SignatureMistake> MistakesOf(SignatureQuestion question, SignatureRecipe recipe) =>
        recipe.Body.Mistakes.Contains(SignatureMistake.Reserialized)
            ? recipe.Mistakes.Where(mistake => mistake != SignatureMistake.Reserialized).Concat(BodyForms.Differences(question.Body, recipe.Body.Bytes))
            : recipe.Mistakes;

    private static IEnumerable<SignatureMistake> WritingOf(SignatureText text, bool isStandard, (SignatureEncoding Encoding, bool HasPrefix)? wanted)
    {
        if (text.HasVersion != isStandard)
            yield return SignatureMistake.SignatureVersion;
        if (isStandard ? text.Encoding == SignatureEncoding.Hex : wanted is { } writing && writing.Encoding != text.Encoding)
            yield return SignatureMistake.OtherEncoding;
        if (isStandard ? text.HasPrefix : wanted is { } prefixed && prefixed.HasPrefix != text.HasPrefix)
            yield return SignatureMistake.SignaturePrefix;
    }

    private static (SignatureEncoding Encoding, bool HasPrefix)? WritingOfHeader(SignatureQuestion question) =>
        question.Headers.Signatures.Where(header => !PastedHeaders.IsStandard(header.Key)).Select(header => SignatureText.Read(header.Value)).FirstOrDefault() is { } text
            ? (text.Encoding, text.HasPrefix)
            : null;

    /// <summary>What is to be said of the secret that verifies.</summary>
    private static SignatureMistake? OriginOf(SignatureQuestion question, CandidateSecret verifies)
    {
        var given = question.Secrets.FirstOrDefault(secret => secret.Origin == SecretOrigin.Given);
        var isPrevious = question.Secrets.Any(secret => secret.Origin == SecretOrigin.Previous && secret.Text == Plain((given ?? verifies).Text));
        if (given is null || verifies == given)
            return isPrevious ? SignatureMistake.OldSecret : null;
        if (Bare(given.Text) == Bare(verifies.Text))
            return Plain(given.Text) == verifies.Text ? SignatureMistake.SecretWhitespace : SignatureMistake.PrefixLeftOff;
        return isPrevious ? SignatureMistake.OutdatedSecret : SignatureMistake.OtherSecret;
    }

    private static string Plain(string secret) => secret.Trim().Trim('"', '\'').Trim();

    private static string Bare(string secret) =>
        Plain(secret) is var plain && plain.StartsWith(Webhook.SecretPrefix, StringComparison.Ordinal) ? plain[Webhook.SecretPrefix.Length..] : plain;

    private static SignatureMistake? TimeOf(SignatureQuestion question)
    {
        if (!long.TryParse(question.Headers["webhook-timestamp"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > uint.MaxValue)
            return null;
        var ago = question.Now - DateTime.UnixEpoch.AddSeconds(seconds);
        return ago > Tolerance ? SignatureMistake.TooOld : ago < -Tolerance ? SignatureMistake.TooNew : null;
    }

    private static List<SignatureMistake> OfAll(SignatureQuestion question, List<SignatureFinding> findings)
    {
        var (one, other) = (question.Headers.DeliveryIn("webhook-id"), question.Headers.DeliveryIn("x-webhook-delivery-id"));
        var isMixed = one is not null && other is not null && one != other;

        // The header over the body alone verifies: then it is the other headers that are not this body's.
        var standard = findings.Find(finding => finding.Header is { } name && PastedHeaders.IsStandard(name));
        var isHalf = standard is { IsExplained: false } && !standard.Mistakes.Contains(SignatureMistake.IdOrTimeNotGiven)
            && findings.Exists(finding => finding.Header is { } name && !PastedHeaders.IsStandard(name) && finding.Verifies);
        return isMixed || isHalf || findings.Exists(finding => finding.Mistakes.Contains(SignatureMistake.OtherBody)) ? [SignatureMistake.DifferentDeliveries] : [];
    }
}
