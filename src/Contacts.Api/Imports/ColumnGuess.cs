using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Contacts.Core;
using Contacts.Urns;

namespace Contacts.Imports;

/// <summary>Guesses from a column's header what it is, in English, Portuguese and Spanish; and whether a first row is a header at all.</summary>
internal static class ColumnGuess
{
    private static readonly FrozenDictionary<string, string> Usual = new (string Target, string Names)[]
    {
        ("uuid", "uuid"),
        ("name", "name,full name,contact name,contact,nome,nome completo,contato,nombre,nombre completo,contacto"),
        ("language", "language,lang,idioma,lingua,lengua"),
        ("urn:tel", "phone,phone number,telephone,mobile,mobile phone,cell,cellphone,cell phone,number,telefone,celular,numero,fone,telefono,movil,telefono movil"),
        ("urn:whatsapp", "whatsapp number,wa,wa id"),
        ("urn:mailto", "email,e mail,mail,email address,endereco de email,correo,correo electronico"),
        ("urn", "urn,urns"),
        ("groups", "groups,group,grupos,grupo"),
        ("ignore", "status,created on,modified on,last seen on"),
    }.SelectMany(row => row.Names.Split(',').Select(name => (name, row.Target))).ToFrozenDictionary(row => row.name, row => row.Target, StringComparer.Ordinal);

    /// <summary>What the columns of a file are.</summary>
    /// <param name="headers">Their names.</param>
    /// <param name="catalog">The workspace's fields.</param>
    /// <returns>A target per column; of two columns that seem to be the same one thing, the second is ignored.</returns>
    public static List<ColumnTarget> Of(IReadOnlyList<string> headers, Catalog catalog)
    {
        var targets = new List<ColumnTarget>(headers.Count);
        foreach (var header in headers)
        {
            var target = Of(header, catalog);
            var isTaken = target.Kind is not (ColumnKind.Urn or ColumnKind.Groups) && targets.Contains(target);
            targets.Add(isTaken ? default : target);
        }

        return targets;
    }

    /// <summary>Whether a first row names columns: none of its cells is an address.</summary>
    /// <param name="cells">The row.</param>
    public static bool IsHeader(IReadOnlyList<string> cells) => !cells.Any(cell =>
        cell.Contains('@', StringComparison.Ordinal) || (Phone.LooksLikePhone(cell) && cell.Count(char.IsAsciiDigit) >= 6)
        || (cell.Contains(':', StringComparison.Ordinal) && Urn.TryNormalize(cell, null, out var urn) == UrnFault.None && urn.Validate() == UrnFault.None));

    private static ColumnTarget Of(string header, Catalog catalog)
    {
        var text = header.Trim();
        if (text.StartsWith("field:", StringComparison.OrdinalIgnoreCase) && catalog.FieldByKey(text["field:".Length..].Trim()) is { } named)
            return new ColumnTarget(ColumnKind.Field, named.Key);
        if (UrnSchemes.Find(text.ToLowerInvariant()) is { } scheme)
            return new ColumnTarget(ColumnKind.Urn, scheme.Name);
        var words = WordsOf(text);
        if (catalog.Fields.FirstOrDefault(field => WordsOf(field.Label) == words || WordsOf(field.Key) == words) is { } field)
            return new ColumnTarget(ColumnKind.Field, field.Key);
        return Usual.TryGetValue(words, out var usual) ? ColumnTarget.Parse(usual) : default;
    }

    /// <summary>Lower case, without accents, one space in place of what is neither letter nor digit.</summary>
    private static string WordsOf(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (char.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark)
                continue;
            if (char.IsLetterOrDigit(letter))
                words.Append(PlainOf(char.ToLowerInvariant(letter)));
            else if (words.Length > 0 && words[^1] != ' ')
                words.Append(' ');
        }

        return words.ToString().TrimEnd();
    }

    // The program runs without ICU, which could take letters apart.
    private static char PlainOf(char letter) => letter switch
    {
        'á' or 'à' or 'â' or 'ã' or 'ä' => 'a',
        'é' or 'è' or 'ê' or 'ë' => 'e',
        'í' or 'ì' or 'î' or 'ï' => 'i',
        'ó' or 'ò' or 'ô' or 'õ' or 'ö' => 'o',
        'ú' or 'ù' or 'û' or 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        _ => letter,
    };
}
