using System.Diagnostics;
using System.Globalization;
using System.Text;
using Contacts.Tests.Imports;
using Contacts.Tests.Support;

namespace Contacts.Tests.Hostile;

/// <summary>Files that are hardly CSV, taken through the pages of imports: each is refused with a reason, or read to its end.</summary>
/// <param name="address">The server.</param>
/// <param name="key">The key to sign in with.</param>
/// <param name="random">Chance.</param>
/// <param name="report">Takes what came of them.</param>
internal sealed class ImportLane(string address, string key, Random random, FuzzReport report)
{
    private static readonly string[] Headers = ["name", "Phone", "phone", "tel", "urn:tel", "URN:Whatsapp", "Email", "group", "groups", "uuid", "language", "Field:Age", "nick", "", "nick", "🙂", "=cmd", "urn:ext"];

    private static readonly string[] Cells =
    [
        "", " ", "Ana", "+250788123123", "0788123123", "5512345678", "a@b.mx", "tel:+1", "\"", "\"\"", "a\"b", "\"a\nb\"", "\"a", "=1+1", "'=1+1", "@x", "\0", "\ufeff", "😀", "e\u0301", "\u202e", "2026-02-30",
        "1e400", "99999999999999999999", "00000000-0000-0000-0000-000000000000", "Devs;Ops", "Devs, Ops", "true", "null", "#", "ext:1", "İ", "ß", "\t", ",", ";", ";;;;", "\r",
    ];

    private static readonly Encoding[] Encodings = [new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.Latin1, Encoding.UTF32];

    /// <summary>Imports a number of files.</summary>
    public async Task RunAsync(int count)
    {
        using var browser = await ConsoleClient.OfAsync(address, key);
        var importer = new Importer(browser);
        for (var i = 0; i < count; i++)
        {
            var file = File();
            var start = Stopwatch.GetTimestamp();
            string? fault;
            var page = await importer.UploadAsync(file, "fuzz.csv");
            var elapsed = Stopwatch.GetElapsedTime(start);
            try
            {
                fault = elapsed > FuzzReport.Patience ? $"slow: {elapsed.TotalSeconds:0.0} s" : await FaultAsync(browser, importer, page);
            }
            catch (ShouldAssertException error)
            {
                fault = error.Message;
            }

            report.Add(page.Status, elapsed, () => $"import of {file.Length} bytes: {Convert.ToBase64String(file.AsSpan(0, Math.Min(file.Length, 1500)))}", fault);
        }
    }

    private async Task<string?> FaultAsync(ConsoleClient browser, Importer importer, ConsoleReply page)
    {
        var done = page.Document.QuerySelector("form#check") is null ? page : await ImportAsync(importer, page);
        if (done.Status >= 500)
            return $"a {done.Status}: {done.Text}";
        if (done.TextsOf("span.tag").Contains("failed", StringComparer.Ordinal))
            return $"failed: {done.Text}";

        // So many files may wait and no more.
        var removed = done.Path.StartsWith("/console/imports/", StringComparison.Ordinal) ? await browser.SubmitAsync(done, "remove") : done;
        return removed.Status >= 500 ? $"a {removed.Status}: {removed.Text}" : null;
    }

    private async Task<ConsoleReply> ImportAsync(Importer importer, ConsoleReply page)
    {
        (string, string?)[] choices = [("no_address", random.Next(3) > 0 ? "1" : null), ("makes_groups", random.Next(2) == 0 ? "1" : null)];
        var tried = await importer.CheckAsync(page, choices);
        return tried.Document.QuerySelector("button#run") is null ? tried : await importer.RunAsync(tried);
    }

    private byte[] File()
    {
        var delimiter = ",;\t|"[random.Next(4)];
        var columns = random.Next(1, 9);
        var text = new StringBuilder();
        for (var row = random.Next(1, 60); row >= 0; row--)
        {
            var source = text.Length == 0 && random.Next(5) > 0 ? Headers : Cells;
            text.AppendJoin(delimiter, Enumerable.Range(0, random.Next(20) == 0 ? random.Next(60) : columns).Select(_ => Cell(source, row))).Append(random.Next(3) == 0 ? "\n" : "\r\n");
        }

        var encoding = random.Next(2) == 0 ? Encodings[0] : Encodings[random.Next(Encodings.Length)];
        byte[] bytes = [.. encoding.Preamble, .. encoding.GetBytes(text.ToString())];
        for (var changes = random.Next(3) == 0 ? random.Next(1, 20) : 0; changes > 0; changes--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private string Cell(string[] source, int row) => random.Next(4) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"+2507881{random.Next(100_000):00000}"),
        1 when random.Next(40) == 0 => new string('x', 20_000),
        2 => string.Create(CultureInfo.InvariantCulture, $"{source[random.Next(source.Length)]}{row}"),
        _ => source[random.Next(source.Length)],
    };
}
