using System.Buffers;

namespace Contacts.Urns;

/// <summary>What is wrong with a URN. The words for it belong to the dialects.</summary>
public enum UrnFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>No known scheme, an empty path, text that no database can hold (NUL, half a surrogate pair), or no colon and not a phone number.</summary>
    Unusable,

    /// <summary>The path is not valid for its scheme.</summary>
    Invalid,

    /// <summary>A well-formed phone number of fewer than 8 digits.</summary>
    PhoneTooShort,

    /// <summary>A well-formed phone number of more than 15 digits.</summary>
    PhoneTooLong,

    /// <summary>A whatsapp path that is neither a number nor a business-scoped id.</summary>
    WhatsAppIdentifier,

    /// <summary>A WhatsApp business-scoped id (<c>BR.abc123</c>) without its scheme.</summary>
    BareBusinessScopedId,

    /// <summary>The identity, or the display, is over 255 characters.</summary>
    TooLong,
}

/// <summary>
/// A normalised address of a contact: <c>scheme:path</c>, optionally with a display name. The rules are the contract's table "URNs".
/// </summary>
public readonly record struct Urn
{
    /// <summary>The longest identity, and the longest display, in UTF-16 characters.</summary>
    public const int MaxLength = 255;

    // A phone number gains at most a plus and a calling code of three digits.
    private const int MaxGrowth = 4;
    private const int StackLimit = 288;
    private const int MexicanLength = 10;

    private readonly string? _scheme;
    private readonly string? _identity;

    private Urn(string scheme, string identity, string? display)
    {
        _scheme = scheme;
        _identity = identity;
        Display = display;
    }

    /// <summary>The scheme, in lower case: <c>tel</c>.</summary>
    public string Scheme => _scheme ?? string.Empty;

    /// <summary>The path in its normal form: <c>+250788123123</c>. Cut out of <see cref="Identity"/> at every call.</summary>
    public string Path => PathSpan.ToString();

    /// <summary>The part after <c>#</c>, null when there is none.</summary>
    public string? Display { get; }

    /// <summary>What is unique in a workspace: <c>tel:+250788123123</c>.</summary>
    public string Identity => _identity ?? string.Empty;

    internal ReadOnlySpan<char> PathSpan => _identity is null ? default : _identity.AsSpan(_scheme!.Length + 1);

    /// <summary>The identity, with <c>#display</c> when there is one.</summary>
    /// <returns>The URN as clients read it.</returns>
    public override string ToString() => Display is null ? Identity : $"{Identity}#{Display}";

    /// <summary>
    /// Reads a URN into its normal form, which is what look-ups use. The path may still be invalid for its scheme: see <see cref="Validate"/>.
    /// </summary>
    /// <param name="text">As the client sent it: <c>scheme:path?query#display</c>, or a bare phone number, which is taken for WhatsApp's.</param>
    /// <param name="country">The workspace's country for national phone numbers, ISO 3166 alpha-2 in any case; null when it has none.</param>
    /// <param name="urn">The normalised URN, or the default when there is a fault.</param>
    /// <returns><see cref="UrnFault.None"/>, <see cref="UrnFault.Unusable"/> or <see cref="UrnFault.BareBusinessScopedId"/>.</returns>
    public static UrnFault TryNormalize(string text, string? country, out Urn urn)
    {
        urn = default;
        if (!StorableText.Is(text))
            return UrnFault.Unusable;

        var head = text.AsSpan();
        var hash = head.IndexOf('#');
        string? display = null;
        if (hash >= 0)
        {
            var shown = head[(hash + 1)..].Trim();
            display = shown.IsEmpty ? null : shown.ToString();
            head = head[..hash];
        }

        var query = head.IndexOf('?');
        if (query >= 0)
            head = head[..query];
        head = head.Trim();

        var colon = head.IndexOf(':');
        if (colon < 0)
            return Bare(head, display, out urn);
        if (UrnSchemes.Find(head[..colon]) is not { } scheme)
            return UrnFault.Unusable;
        var identity = Identify(text, head, scheme, head[(colon + 1)..].Trim(), country);
        if (identity is null)
            return UrnFault.Unusable;
        urn = new Urn(scheme.Name, identity, display);
        return UrnFault.None;
    }

    /// <summary>Whether the path is valid for its scheme.</summary>
    /// <returns>
    /// <see cref="UrnFault.None"/>, <see cref="UrnFault.TooLong"/> (which comes first), <see cref="UrnFault.Invalid"/>,
    /// <see cref="UrnFault.PhoneTooShort"/>, <see cref="UrnFault.PhoneTooLong"/> or <see cref="UrnFault.WhatsAppIdentifier"/>.
    /// </returns>
    public UrnFault Validate()
    {
        if (Identity.Length > MaxLength || Display?.Length > MaxLength)
            return UrnFault.TooLong;
        return UrnSchemes.Find(Scheme)?.Validate(PathSpan) ?? UrnFault.Invalid;
    }

    /// <summary>The URN of a stored row; nothing is normalised or checked again.</summary>
    /// <param name="identity">The stored identity, <c>scheme:path</c>.</param>
    /// <param name="display">The stored display, or null.</param>
    /// <returns>The URN.</returns>
    /// <exception cref="ArgumentException">The identity has no colon.</exception>
    public static Urn FromStored(string identity, string? display)
    {
        var colon = identity.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw new ArgumentException("A stored identity is scheme:path.", nameof(identity));
        var scheme = identity.AsSpan(0, colon);
        return new Urn(UrnSchemes.Find(scheme)?.Name ?? scheme.ToString(), identity, display);
    }

    /// <summary>The URN that <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The stored identity, with <c>#display</c> when there is one.</param>
    /// <returns>The URN.</returns>
    /// <exception cref="ArgumentException">The identity has no colon.</exception>
    public static Urn FromStored(string text)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? FromStored(text, null) : FromStored(text[..hash], text[(hash + 1)..]);
    }

    /// <summary>
    /// The other identity under which WhatsApp may know a Brazilian mobile number: with the ninth digit for one without, and the reverse.
    /// A number that begins with 2 to 5 after the area code is a landline, which never had a ninth digit, so it has no other form.
    /// </summary>
    /// <returns>The other identity, or null when there is none.</returns>
    public string? OtherBrazilianForm()
    {
        if (!string.Equals(Scheme, "whatsapp", StringComparison.Ordinal))
            return null;
        var digits = PathSpan;
        if (digits.Length is not (12 or 13) || !digits.StartsWith("55") || !UrnPaths.IsDigits(digits) || digits[2] == '0' || digits[3] == '0')
            return null;
        var subscriber = digits[^8..];
        if (subscriber[0] is >= '2' and <= '5')
            return null;
        if (digits.Length == 12)
            return string.Concat("whatsapp:", digits[..4], "9", subscriber);
        return digits[4] == '9' ? string.Concat("whatsapp:", digits[..4], subscriber) : null;
    }

    /// <summary>
    /// The other identity of a Mexican number: with the 1 that mobile numbers had after the country's code until 2019 for one without, and the reverse.
    /// WhatsApp and address books still have either, so it holds for telephones too. The ten digits after it are one person's whatever their kind.
    /// </summary>
    /// <returns>The other identity, or null when there is none.</returns>
    public string? OtherMexicanForm()
    {
        var country = Scheme switch
        {
            "tel" => "tel:+52",
            "whatsapp" => "whatsapp:52",
            _ => null,
        };
        if (country is null || !Identity.StartsWith(country, StringComparison.Ordinal))
            return null;
        var digits = Identity.AsSpan(country.Length);
        var isLong = digits.Length == MexicanLength + 1 && digits[0] == '1';
        var national = isLong ? digits[1..] : digits;
        if (national.Length != MexicanLength || national[0] is '0' or '1' || !UrnPaths.IsDigits(national))
            return null;
        return string.Concat(country, isLong ? "" : "1", national);
    }

    /// <summary>The same phone number on the other channel: <c>whatsapp:521551…</c> for <c>tel:+521551…</c>, and the reverse.</summary>
    /// <returns>The URN without a display, or null when this is no phone number.</returns>
    public Urn? OtherChannel()
    {
        var path = PathSpan;
        if (string.Equals(Scheme, "tel", StringComparison.Ordinal))
            return path is ['+', .. var digits] && UrnPaths.IsDigits(digits) ? new Urn("whatsapp", string.Concat("whatsapp:", digits), null) : null;
        return string.Equals(Scheme, "whatsapp", StringComparison.Ordinal) && UrnPaths.IsDigits(path) ? new Urn("tel", string.Concat("tel:+", path), null) : null;
    }

    private static UrnFault Bare(ReadOnlySpan<char> text, string? display, out Urn urn)
    {
        urn = default;
        if (UrnPaths.IsBusinessScopedId(text))
            return UrnFault.BareBusinessScopedId;
        if (!Phone.LooksLikePhone(text))
            return UrnFault.Unusable;
        var buffer = text.Length <= StackLimit ? stackalloc char[StackLimit] : new char[text.Length];
        var length = Phone.CopyDigits(text, buffer);
        urn = new Urn("whatsapp", string.Concat("whatsapp:", buffer[..length]), display);
        return UrnFault.None;
    }

    // Returns the caller's own string when it was in its normal form already, as most are.
    private static string? Identify(string text, ReadOnlySpan<char> head, UrnScheme scheme, ReadOnlySpan<char> path, string? country)
    {
        if (path.IsEmpty)
            return null;
        if (scheme.Normalize is null)
            return Identity(text, head, scheme, path);

        var room = path.Length + MaxGrowth;
        var rented = room <= StackLimit ? null : ArrayPool<char>.Shared.Rent(room);
        var buffer = rented ?? stackalloc char[StackLimit];
        var length = scheme.Normalize(path, country, buffer);
        var identity = length == 0 ? null : Identity(text, head, scheme, buffer[..length]);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return identity;

        static string Identity(string text, ReadOnlySpan<char> head, UrnScheme scheme, ReadOnlySpan<char> path) =>
            text.Length == head.Length && head[(scheme.Name.Length + 1)..].SequenceEqual(path) ? text : string.Concat(scheme.Prefix, path);
    }
}
