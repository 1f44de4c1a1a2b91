using System.Text.RegularExpressions;
using Contacts.Console;
using Contacts.Tests.Support;

namespace Contacts.Tests.Console;

/// <summary>What validators say stands on pages in the reader's language, though the APIs are told it in English.</summary>
public sealed partial class FaultTextTests
{
    private static readonly string Server = Repository.PathOf("src", "Contacts.Api");

    private static readonly IReadOnlyList<string> Sources =
        [.. new[] { "Management", "Webhooks", "Workspaces", "TestBench" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Server, folder), "*.cs", SearchOption.AllDirectories))];

    /// <summary>All that the validators of pages say, with a 7 for each value.</summary>
    private static readonly IReadOnlyList<string> Messages =
        [.. FilesOfPages().SelectMany(MessagesOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("pt")]
    [InlineData("es")]
    public void Every_sentence_of_the_validators_of_pages_is_translated(string language)
    {
        Messages.Count.ShouldBeGreaterThan(30);
        var words = new Words { Language = language };
        Messages.Where(message => words.Fault(message) == message).ShouldBeEmpty();
    }

    [Fact]
    public void English_stays_as_the_validators_say_it()
    {
        var words = new Words { Language = "en" };
        Messages.Where(message => words.Fault(message) != message).ShouldBeEmpty();
    }

    [Fact]
    public void Every_text_of_faults_is_one_that_a_validator_says()
    {
        var texts = Words.All.Where(text => text.Key.StartsWith("faults.", StringComparison.Ordinal)).Select(text => new Sentence(text.Key, text.Value["en"])).ToList();
        texts.Where(text => !Messages.Any(message => text.ValuesOf(message) is not null)).Select(text => text.Key).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Must be 1 to 100.", "Deve ser de 1 a 100.")]
    [InlineData("Must be 1 to 100 characters of text.", "Deve ter de 1 a 100 caracteres de texto.")]
    [InlineData("Must be one of: message, voice.", "Deve ser um destes: message, voice.")]
    [InlineData("Makes the key \"a\u202Eb\", which no field may have.", "Gera a chave \"aU+202Eb\", que nenhum campo pode ter.")]
    [InlineData("Must be .", "Must be .")]
    [InlineData("Nobody says this.", "Nobody says this.")]
    public void Values_are_taken_along_and_what_is_not_known_stays(string message, string said) => new Words { Language = "pt" }.Fault(message).ShouldBe(said);

    /// <summary>The files of the validators that pages ask, those that a seed's reading asks among them, and of what reads JSON for them.</summary>
    private static IEnumerable<string> FilesOfPages()
    {
        string[] readers = [.. Sources.Where(file => Path.GetFileName(file) is "Body.cs" or "SeedReading.cs" or "SeedCheck.cs")];
        readers.Length.ShouldBe(3);
        var pages = Directory.EnumerateFiles(Path.Combine(Server, "Console"), "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".cs" or ".razor");
        var validated = pages.Concat(readers).SelectMany(file => Asked().Matches(File.ReadAllText(file)).Select(match => match.Groups["type"].Value)).ToHashSet(StringComparer.Ordinal);
        validated.Count.ShouldBeGreaterThan(4);
        foreach (var type in validated)
            yield return Sources.Single(file => File.ReadAllText(file).Contains($"AbstractValidator<{type}>", StringComparison.Ordinal));
        foreach (var reader in readers)
            yield return reader;
    }

    private static IEnumerable<string> MessagesOf(string file)
    {
        var code = string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
        return Message().Matches(code).Select(match => Value().Replace(match.Groups["text"].Value, "7").Replace("\\\"", "\"", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"IValidator<(?<type>[A-Za-z]+)>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Asked();

    // A text that begins as a sentence does and ends as one; the values within may have texts of their own.
    [GeneratedRegex("\"(?<text>[A-Z](\\{[^{}]*\\}|\\\\.|[^\"\\\\{}\n])*\\.)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Message();

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Value();
}
