namespace Contacts.Webhooks.Checks;

/// <summary>Where a secret to check with comes from.</summary>
internal enum SecretOrigin
{
    /// <summary>Whoever asks gave it.</summary>
    Given,

    /// <summary>It is the webhook's.</summary>
    Present,

    /// <summary>It was the webhook's before the last rotation.</summary>
    Previous,
}

/// <summary>A secret to check with. Never logged.</summary>
/// <param name="Text">The secret.</param>
/// <param name="Origin">Where it comes from.</param>
internal sealed record CandidateSecret(string Text, SecretOrigin Origin)
{
    /// <inheritdoc />
    public override string ToString() => $"a secret ({Origin})";
}

/// <summary>A request whose signatures do not verify, or seem not to.</summary>
/// <param name="Body">The body as its receiver has it.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Secrets">The secrets to check with: given before present before previous.</param>
/// <param name="Now">The time.</param>
internal sealed record SignatureQuestion(byte[] Body, PastedHeaders Headers, IReadOnlyList<CandidateSecret> Secrets, DateTime Now)
{
    /// <summary>What the receiver's own program made of it, to be compared with the header; null when nobody said.</summary>
    public string? Computed { get; init; }

    /// <summary>The body that the delivery named by the headers was sent with, when it is known.</summary>
    public byte[]? SentBody { get; init; }

    /// <summary>How the webhook writes the dialect's signature, when it is known: encoding, and whether <c>sha256=</c> stands before it.</summary>
    public (SignatureEncoding Encoding, bool HasPrefix)? Writing { get; init; }
}

/// <summary>What came of one signature.</summary>
/// <param name="Header">The header that holds it; null for what the receiver computed.</param>
/// <param name="IsExplained">Whether it is known what was signed with what.</param>
/// <param name="Mistakes">What is wrong, or only to be known; nothing when all is well.</param>
internal sealed record SignatureFinding(string? Header, bool IsExplained, IReadOnlyList<SignatureMistake> Mistakes)
{
    /// <summary>The secret that it was made with; null when none is known.</summary>
    public SecretOrigin? Secret { get; init; }

    /// <summary>The body that was signed, when it is another one than was asked about.</summary>
    public byte[]? SignedBody { get; init; }

    /// <summary>Whether a receiver should take it.</summary>
    public bool Verifies => IsExplained && Mistakes.All(mistake => mistake.IsNote());
}

/// <summary>The answer to a question.</summary>
/// <param name="Findings">The signatures, each with what came of it.</param>
/// <param name="Mistakes">What is wrong with the question as a whole.</param>
internal sealed record SignatureReport(IReadOnlyList<SignatureFinding> Findings, IReadOnlyList<SignatureMistake> Mistakes)
{
    /// <summary>Whether one of the headers verifies: that is enough for a receiver.</summary>
    public bool Verifies => Findings.Any(finding => finding.Header is not null && finding.Verifies);
}
