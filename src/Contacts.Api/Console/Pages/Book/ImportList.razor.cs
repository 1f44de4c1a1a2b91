using Contacts.Core;
using Contacts.Imports;
using Microsoft.AspNetCore.Components;

namespace Contacts.Console.Pages.Book;

/// <summary>The imports of the last weeks, and the way in for a file.</summary>
public sealed partial class ImportList
{
    // More than the largest file that a server's owner may allow, so that a form of many files ends somewhere.
    internal const long MostFormBytes = 250_000_000;

    private const int PageSize = 50;

    [Inject]
    internal ImportService Imports { get; set; } = null!;

    private Page<Import> Page { get; set; } = Page<Import>.Empty;

    private string? Fault { get; set; }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync() => Page = await Imports.ListAsync(Workspace, PageSize, Places.Read(Http.Request.Query["at"]), Gone);

    private async Task UploadAsync()
    {
        if (Http.Request.Form.Files.GetFile("file") is not { Length: > 0 } file)
        {
            Fault = Refused(new Reason("file_empty"));
            return;
        }

        if (file.Length > Imports.Settings.MaxBytes)
        {
            Fault = Refused(new Reason("file_large", Words.Number(Imports.Settings.MaxBytes / 1_000_000)));
            return;
        }

        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream())
            await stream.ReadExactlyAsync(content, Gone);
        var (import, reason) = await Imports.AddAsync(Workspace, Caller.Token.Name, Path.GetFileName(file.FileName), content, Gone);
        if (reason is not null)
            Fault = Refused(reason);
        else
            Go($"imports/{import!.Id}");
    }

    private static string? PathTo(Cursor? place) => place is null ? null : ContactFilter.PathOf("imports", ("at", Places.TextOf(place)));
}
