using System.Text.RegularExpressions;
using Contacts.Console;
using Contacts.Tests.Support;

namespace Contacts.Tests.Console;

/// <summary>The pages' texts: complete in each language, none missing, none left over.</summary>
public sealed partial class WordsTests
{
    private static readonly string Folder = Repository.PathOf("src", "Contacts.Api", "Console");

    private static readonly string Source = string.Concat(
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
            .Select(File.ReadAllText));

    [Fact]
    public void Every_text_is_there_in_every_language() =>
        Words.All.SelectMany(text => Languages.All.Where(language => !text.Value.TryGetValue(language.Code, out var said) || string.IsNullOrWhiteSpace(said))
            .Select(language => $"{text.Key} ({language.Code})")).ShouldBeEmpty();

    [Fact]
    public void Every_language_has_places_for_the_same_values() =>
        Words.All.Where(text => text.Value.Values.Select(said => string.Concat(Place().Matches(said).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)))
            .Distinct(StringComparer.Ordinal).Count() > 1).Select(text => text.Key).ShouldBeEmpty();

    [Fact]
    public void Every_text_that_is_asked_for_exists() =>
        Key().Matches(Source).Select(match => match.Groups["key"].Value).Distinct(StringComparer.Ordinal).Where(key => !Words.All.ContainsKey(key)).ShouldBeEmpty();

    [Fact]
    public void Every_text_is_asked_for()
    {
        // Keys that are put together, such as "role.{…}", keep all texts of their beginning.
        // Those of faults are found by what validators say: FaultTextTests knows them.
        var beginnings = Beginning().Matches(Source).Select(match => match.Groups["key"].Value).Append("faults.").ToHashSet(StringComparer.Ordinal);
        Words.All.Keys.Where(key => !Source.Contains($"\"{key}\"", StringComparison.Ordinal) && !beginnings.Any(beginning => key.StartsWith(beginning, StringComparison.Ordinal)))
            .ShouldBeEmpty();
    }

    [GeneratedRegex(@"\{[0-9]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();

    [GeneratedRegex("""Words(\.With\(|\[)"(?<key>[a-z_]+\.[a-z0-9_]+)""" + "\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();

    [GeneratedRegex("""\$"(?<key>[a-z_]+\.[a-z0-9_]*)\{""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Beginning();
}
