namespace Contacts.Urns;

/// <summary>Text that PostgreSQL can hold: it refuses NUL, and half a surrogate pair has no UTF-8 form.</summary>
internal static class StorableText
{
    public static bool Is(ReadOnlySpan<char> text)
    {
        if (text.Contains('\0'))
            return false;
        var next = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (next >= 0)
        {
            if (next + 1 >= text.Length || !char.IsSurrogatePair(text[next], text[next + 1]))
                return false;
            text = text[(next + 2)..];
            next = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }

        return true;
    }
}
