using System.Collections.Frozen;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Contacts.Console;

/// <summary>The pages of <c>docs/</c>, from inside the program, so that a rule's paragraph can be read where no network is.</summary>
internal static class OwnDocuments
{
    private const string Folder = "docs/";

    // Anchors as GitHub makes them: the same link works in both places. The text is ours, and raw HTML in it is shown as text all the same.
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .UseAutoLinks().DisableHtml().Build();

    /// <summary>The names of the pages, without <c>.md</c>.</summary>
    public static readonly FrozenSet<string> Names = typeof(OwnDocuments).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..^".md".Length]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A page as HTML.</summary>
    /// <param name="name">Its name.</param>
    public static string HtmlOf(string name)
    {
        using var stream = typeof(OwnDocuments).Assembly.GetManifestResourceStream($"{Folder}{name}.md")!;
        using var reader = new StreamReader(stream);
        var document = Markdown.Parse(reader.ReadToEnd(), Pipeline);
        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            link.Url = UrlOf(name, link.Url);

            // Pictures stay outside: of the pages that the reader has before them. Of a link to what is not inside, the words stay.
            if (!link.IsImage && link.Url is not null)
                continue;
            if (!link.IsImage)
                link.MoveChildrenAfter(link);
            link.Remove();
        }

        return document.ToHtml(Pipeline);
    }

    /// <summary>A link of a page as it leads on here: to another of these pages, or to a paragraph of the same one; null when it leads out of them.</summary>
    private static string? UrlOf(string name, string? url)
    {
        if (url is null || url.Contains("://", StringComparison.Ordinal))
            return url;
        var parts = url.Split('#', 2);
        var page = parts[0].Length == 0 ? name : parts[0].EndsWith(".md", StringComparison.Ordinal) ? parts[0][..^".md".Length] : string.Empty;
        return Names.Contains(page) ? $"documents/{page}{(parts.Length == 2 ? $"#{parts[1]}" : string.Empty)}" : null;
    }
}
