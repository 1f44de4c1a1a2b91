using System.Globalization;
using System.Text;
using Contacts.Console.Layout;
using Contacts.Console.Pages.Book;
using Contacts.Core;
using Contacts.Imports;
using Contacts.Workspaces;
using Microsoft.AspNetCore.Http.Features;

namespace Contacts.Console;

/// <summary>Files that the pages give: contacts as CSV, and the refused rows of an import.</summary>
internal static class Downloads
{
    private const int Piece = 1000;
    private const string Mask = "********";

    // With its mark spreadsheets read the accents.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: true);

    /// <summary>Maps the files' addresses.</summary>
    /// <param name="pages">The console's routes.</param>
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet($"{Ways.Root}/contacts/export", ExportAsync).ExcludeFromDescription();
        pages.MapGet($"{Ways.Root}/imports/{{id:guid}}/refused", RefusedAsync).WithMetadata(new NeedsAttribute(Role.Editor)).ExcludeFromDescription();
    }

    private static async Task ExportAsync(HttpContext context, ContactExport export, CatalogCache catalogs)
    {
        var workspace = context.Features.GetRequiredFeature<Caller>().Workspace;
        var filter = new ContactFilter(context.Request.Query);
        var query = filter.Read(workspace, await catalogs.GetAsync(workspace.Id, context.RequestAborted)) ?? new ContactQuery { Identities = [] };
        await using var pieces = export.PiecesAsync(workspace, query, context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);

        // What fails at once is told as a page's failure, and not downloaded.
        var isMore = await pieces.MoveNextAsync();
        await using var writer = Begin(context, "contacts.csv");
        for (; isMore; isMore = await pieces.MoveNextAsync())
            await writer.WriteAsync(pieces.Current, context.RequestAborted);
        await writer.FlushAsync(context.RequestAborted);
    }

    private static async Task RefusedAsync(HttpContext context, Guid id, ImportService imports, Words words)
    {
        var workspace = context.Features.GetRequiredFeature<Caller>().Workspace;
        if (await imports.FindAsync(workspace, id, context.RequestAborted) is not { } import)
        {
            // Its page says that it is gone.
            context.Response.Redirect($"{context.Request.PathBase}{Ways.Root}/imports/{id}");
            return;
        }

        var rows = await imports.RowsAsync(import, 0, Piece, onlyRefused: true, context.RequestAborted);
        await using var writer = Begin(context, $"refused-{id}.csv");
        var headers = import.Options.Headers;
        var text = new StringBuilder();
        ContactExport.AddLine(text, [.. headers.Select((name, column) => name.Length > 0 ? name : words.With("import.unnamed", column + 1)), words["import.line"], words["import.reason"]]);
        while (rows.Count > 0)
        {
            foreach (var row in rows)
            {
                var cells = headers.Select((_, column) => CellOf(row, column, import.Options, workspace));
                ContactExport.AddLine(text, [.. cells, row.Line.ToString(CultureInfo.InvariantCulture), words.With($"reasons.{row.Code}", row.Subject)]);
            }

            await writer.WriteAsync(text, context.RequestAborted);
            text.Clear();
            rows = await imports.RowsAsync(import, rows[^1].Line, Piece, onlyRefused: true, context.RequestAborted);
        }

        await writer.WriteAsync(text, context.RequestAborted);
        await writer.FlushAsync(context.RequestAborted);
    }

    private static string? CellOf(ImportRow row, int column, ImportOptions options, Workspace workspace)
    {
        if (column >= row.Cells.Count)
            return null;
        return workspace.IsAnonymous && options.Columns[column].StartsWith("urn", StringComparison.Ordinal) ? Mask : CsvCell.WithoutGuard(row.Cells[column]);
    }

    private static StreamWriter Begin(HttpContext context, string name)
    {
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        return new StreamWriter(context.Response.Body, Utf8);
    }
}
