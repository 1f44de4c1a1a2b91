using System.Text;
using AngleSharp.Html.Dom;
using Contacts.Tests.Operations;
using Contacts.Tests.Support;

namespace Contacts.Tests.Imports;

/// <summary>Takes a file through the pages of imports as a person does.</summary>
internal sealed class Importer(ConsoleClient browser)
{
    /// <summary>Uploads a text as UTF-8.</summary>
    public Task<ConsoleReply> UploadAsync(string text, string name = "people.csv") => UploadAsync(Encoding.UTF8.GetBytes(text), name);

    /// <summary>Uploads a file.</summary>
    public async Task<ConsoleReply> UploadAsync(byte[] content, string name = "people.csv")
    {
        var form = ConsoleClient.FormOf(await browser.GetAsync("imports"), "upload");
        using var body = new MultipartFormDataContent();
        foreach (var hidden in form.Elements.OfType<IHtmlInputElement>().Where(input => input.Type == "hidden"))
            body.Add(new StringContent(hidden.Value), hidden.Name!);
        body.Add(new ByteArrayContent(content), "file", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/console/imports", UriKind.Relative)) { Content = body };
        return await browser.SendAsync(request);
    }

    /// <summary>Has a file tried, with some choices changed, and waits for the result.</summary>
    public async Task<ConsoleReply> CheckAsync(ConsoleReply page, params (string Name, string? Value)[] choices) =>
        await SettleAsync(await browser.SubmitAsync(page, "check", choices));

    /// <summary>Has a file imported that was tried, and waits for the end.</summary>
    public async Task<ConsoleReply> RunAsync(ConsoleReply page) => await SettleAsync(await browser.SubmitAsync(page, "run"));

    /// <summary>Uploads a text, tries it and imports it.</summary>
    public async Task<ConsoleReply> ImportAsync(string text, params (string Name, string? Value)[] choices) =>
        await RunAsync(await CheckAsync(await UploadAsync(text), choices));

    /// <summary>Waits until nothing is at work.</summary>
    public async Task<ConsoleReply> SettleAsync(ConsoleReply page)
    {
        await Eventually.BecomesTrueAsync(
            async () => (page.Document.GetElementById("progress") is null) || (page = await browser.GetAsync(page.Path)).Document.GetElementById("progress") is null, "the import settles");
        return page;
    }

    /// <summary>What a page counts: created, updated, unchanged, refused.</summary>
    public static string CountsOf(ConsoleReply page) =>
        string.Join(' ', new[] { "created", "updated", "unchanged", "refused-count" }.Select(id => page.Document.GetElementById(id)?.TextContent ?? $"no {id}: {page.Text}"));
}
