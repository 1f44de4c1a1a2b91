namespace Contacts.Webhooks.Checks;

/// <summary>Why a signature does not verify, or what to know of one that does. What people read of it belongs to whoever shows it.</summary>
internal enum SignatureMistake
{
    /// <summary>The body was parsed and written again.</summary>
    Reserialized,

    /// <summary>The body's keys stand in another order than they were signed in.</summary>
    KeyOrder,

    /// <summary>The body was indented.</summary>
    Indented,

    /// <summary>Spaces between the body's tokens were added or taken away.</summary>
    Spaces,

    /// <summary>The body's texts are escaped otherwise: <c>\u00e9</c> for <c>é</c>, <c>\/</c> for <c>/</c>, or the other way round.</summary>
    Escapes,

    /// <summary>Whitespace before or after the body that was not signed.</summary>
    ExtraWhitespace,

    /// <summary>The line break at the body's end was cut off.</summary>
    LostWhitespace,

    /// <summary>Line breaks were turned from LF into CRLF, or back.</summary>
    LineBreaks,

    /// <summary>A byte order mark was added or taken away.</summary>
    ByteOrderMark,

    /// <summary>The body's UTF-8 was read as Latin-1 and written as UTF-8 again.</summary>
    Charset,

    /// <summary>The body is a JSON text that holds the body: it was serialized twice.</summary>
    QuotedBody,

    /// <summary>The body is another one than the delivery's.</summary>
    OtherBody,

    /// <summary>The secret's letters were the key where its bytes had to be.</summary>
    SecretAsText,

    /// <summary>The secret's bytes were the key where its letters had to be.</summary>
    SecretDecoded,

    /// <summary>The secret was used without its <c>whsec_</c>, which belongs to the key.</summary>
    PrefixLeftOff,

    /// <summary>There is whitespace or a quotation mark around the secret.</summary>
    SecretWhitespace,

    /// <summary>It verifies with the secret before the last rotation.</summary>
    OldSecret,

    /// <summary>The secret before the last rotation, where only the present one verifies.</summary>
    OutdatedSecret,

    /// <summary>The secret is not this webhook's; the webhook's own one verifies.</summary>
    OtherSecret,

    /// <summary>The hexadecimal digits are upper case.</summary>
    UpperCase,

    /// <summary>Base64 in its form for URLs, or without its padding.</summary>
    Base64Url,

    /// <summary>Hexadecimal in place of Base64, or the other way round.</summary>
    OtherEncoding,

    /// <summary>Base64 of the hexadecimal digits.</summary>
    EncodedTwice,

    /// <summary><c>sha256=</c> is missing, or there though it should not be.</summary>
    SignaturePrefix,

    /// <summary><c>v1,</c> is missing, or there though it should not be.</summary>
    SignatureVersion,

    /// <summary>What stands there is no HMAC-SHA256 in any encoding: cut off, or another value.</summary>
    Unreadable,

    /// <summary>The body alone was signed where id and time belong before it.</summary>
    MissingIdAndTime,

    /// <summary>Id or time stood before the body, which is to be signed alone.</summary>
    ExtraIdAndTime,

    /// <summary>Another id or time, or both in another form or order, was signed.</summary>
    OtherIdOrTime,

    /// <summary><c>webhook-id</c> or <c>webhook-timestamp</c> is missing, without which <c>webhook-signature</c> can't be checked.</summary>
    IdOrTimeNotGiven,

    /// <summary>The headers, or headers and body, are of different deliveries.</summary>
    DifferentDeliveries,

    /// <summary>The time signed is further back than libraries allow.</summary>
    TooOld,

    /// <summary>The time signed is further ahead than libraries allow.</summary>
    TooNew,

    /// <summary>None of the headers holds a signature.</summary>
    NoSignature,

    /// <summary>There is no secret to check with.</summary>
    NoSecret,

    /// <summary>No mistake that is known explains it.</summary>
    Unexplained,
}

/// <summary>Which mistakes are none, strictly.</summary>
internal static class SignatureMistakes
{
    /// <summary>Whether it is only to be known: the signature verifies all the same.</summary>
    /// <param name="mistake">The mistake.</param>
    public static bool IsNote(this SignatureMistake mistake) => mistake is SignatureMistake.OldSecret or SignatureMistake.TooOld or SignatureMistake.TooNew;
}
