using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Contacts.Tests.Reliability;

/// <summary>One writer: contacts of its own, some that it shares, and calls that must be refused. One call at a time.</summary>
/// <param name="number">Its number.</param>
/// <param name="servers">A client of each server.</param>
/// <param name="ledger">Where each answer is noted.</param>
/// <param name="random">Chance, of this writer alone.</param>
internal sealed class LedgerWriter(int number, IReadOnlyList<HttpClient> servers, Ledger ledger, Random random)
{
    /// <summary>What no contact may ever be called: the name of everything that is refused.</summary>
    public const string Refused = "refused";

    /// <summary>How many contacts all writers share.</summary>
    public const int Shared = 5;

    private const int FewestOwn = 8;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(25);

    private readonly List<LedgerLine> _own = [];
    private int _made;
    private int _shares;

    /// <summary>Writes until it is told to stop; the last call is waited for.</summary>
    /// <param name="stop">Takes no further call.</param>
    public async Task WriteAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var wentWell = await WriteOnceAsync();

            // Open ones come back when the book has told what they are.
            _own.RemoveAll(line => line.IsOpen || line.Sure is null);
            if (!wentWell)
                await Task.Delay(Rest, CancellationToken.None);
        }
    }

    /// <summary>Takes back the contacts that the book has told of.</summary>
    public void Resume()
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"ext:{number}-");
        _own.Clear();
        _own.AddRange(ledger.Lines.Where(line => line.Sure is not null && line.Urn.StartsWith(prefix, StringComparison.Ordinal)).Take(FewestOwn * 3));
    }

    private Task<bool> WriteOnceAsync()
    {
        if (_own.Count < FewestOwn)
            return MakeAsync();
        var line = _own[random.Next(_own.Count)];
        return random.Next(100) switch
        {
            < 45 => ChangeAsync(line),
            < 60 => MakeAsync(),
            < 70 => MarkAsync(line),
            < 80 => DeleteAsync(line),
            < 86 => BeRefusedAsync(line),
            < 92 => ChangeManyAsync(),
            _ => ShareAsync(),
        };
    }

    private async Task<bool> MakeAsync()
    {
        var line = ledger.Open(string.Create(CultureInfo.InvariantCulture, $"ext:{number}-{_made++}"));
        var face = new Face(random.Next(3), false);
        var (path, body) = random.Next(2) == 0 ? ($"contacts.json?urn={line.Urn}", Body(line, face)) : ("contacts.json", Body(line, face, ("urns", new JsonArray(line.Urn))));
        var (status, text) = await SendAsync(HttpMethod.Post, path, body);
        ledger.Note(line, face, status, text);
        if (line.IsOpen)
            return false;
        Expect(line, face, text, status == 201);
        line.Uuid = JsonNode.Parse(text)!["uuid"]!.ToString();
        _own.Add(line);
        return true;
    }

    private async Task<bool> ChangeAsync(LedgerLine line)
    {
        var face = new Face(line.Sure!.Version + 1, false);
        var path = random.Next(2) == 0 ? $"contacts.json?urn={line.Urn}" : $"contacts.json?uuid={line.Uuid}";
        var (status, text) = await SendAsync(HttpMethod.Post, path, Body(line, face));
        ledger.Note(line, face, status, text);
        if (line.IsOpen)
            return false;
        Expect(line, face, text, status == 200);
        return true;
    }

    private async Task<bool> MarkAsync(LedgerLine line)
    {
        var face = line.Sure! with { IsMarked = random.Next(2) == 0 };
        var body = new JsonObject { ["contacts"] = new JsonArray(line.Urn), ["action"] = face.IsMarked ? "add" : "remove", ["group"] = Face.Groups[^1] };
        var (status, text) = await SendAsync(HttpMethod.Post, "contact_actions.json", body);
        ledger.Note(line, face, status, text);
        return !line.IsOpen;
    }

    private async Task<bool> DeleteAsync(LedgerLine line)
    {
        // With a body: the client would send one without again by itself when its connection is closed.
        var (status, text) = await SendAsync(HttpMethod.Delete, $"contacts.json?urn={line.Urn}", []);
        ledger.Note(line, null, status, text);
        return !line.IsOpen;
    }

    /// <summary>One call for three contacts and one that is refused; what is open is open for each.</summary>
    private async Task<bool> ChangeManyAsync()
    {
        var lines = _own.OrderBy(_ => random.Next()).Take(3).ToList();
        var faces = lines.ConvertAll(line => new Face(line.Sure!.Version + 1, false));
        var items = new JsonArray([.. lines.Select((line, i) => (JsonNode)Body(line, faces[i], ("urn", JsonValue.Create(line.Urn))))]);
        items.Add(new JsonObject { ["urn"] = lines[0].Urn, ["name"] = Refused, ["language"] = "x" });
        var (status, text) = await SendAsync(HttpMethod.Post, "contacts_bulk.json", new JsonObject { ["contacts"] = items });
        var answers = status == 200 ? JsonNode.Parse(text)!["results"]!.AsArray() : null;
        for (var i = 0; i < lines.Count; i++)
            ledger.Note(lines[i], faces[i], answers?[i]!["status"]!.GetValue<int>() ?? status, text);
        if (answers is not null && answers[^1]!["status"]!.GetValue<int>() is not (400 or 503))
            ledger.Complain("a faulty item was not refused: " + text);
        return lines.TrueForAll(line => !line.IsOpen);
    }

    private async Task<bool> BeRefusedAsync(LedgerLine line)
    {
        var (expected, method, path, body) = random.Next(4) switch
        {
            0 => (400, HttpMethod.Post, $"contacts.json?urn={line.Urn}", new JsonObject { ["name"] = Refused, ["language"] = "x" }),
            1 => (400, HttpMethod.Post, "contacts.json", new JsonObject { ["name"] = Refused, ["urns"] = new JsonArray(line.Urn) }),
            2 => (404, HttpMethod.Post, $"contacts.json?uuid={Guid.NewGuid()}", new JsonObject { ["name"] = Refused }),
            _ => (404, HttpMethod.Delete, $"contacts.json?urn=ext:nobody-{number}", []),
        };
        var (status, text) = await SendAsync(method, path, body);
        if (status != expected && status is not (0 or 503))
            ledger.Complain($"{method} {path} {body.ToJsonString()}: {status} {text}");
        return status == expected;
    }

    private async Task<bool> ShareAsync()
    {
        var urn = string.Create(CultureInfo.InvariantCulture, $"ext:shared-{random.Next(Shared)}");
        var name = string.Create(CultureInfo.InvariantCulture, $"writer {number} share {_shares++}");
        var started = Stopwatch.GetTimestamp();
        var (status, text) = await SendAsync(HttpMethod.Post, $"contacts.json?urn={urn}", new JsonObject { ["name"] = name });
        ledger.Note(urn, name, started, status, text);
        return status is 200 or 201;
    }

    /// <summary>An acknowledgement shows what was written.</summary>
    private void Expect(LedgerLine line, Face face, string text, bool isRightStatus)
    {
        if (!isRightStatus || JsonNode.Parse(text)!["name"]?.ToString() != face.NameOf(line.Urn))
            ledger.Complain($"{line.Urn} {face} was answered {text}");
    }

    private static JsonObject Body(LedgerLine line, Face face, params (string Key, JsonNode Value)[] more)
    {
        var body = new JsonObject
        {
            ["name"] = face.NameOf(line.Urn),
            ["language"] = face.Language,
            ["fields"] = new JsonObject { ["serial"] = face.Serial },
            ["groups"] = new JsonArray(Face.Groups[face.Version % 3]),
        };
        foreach (var (key, value) in more)
            body[key] = value;
        return body;
    }

    private async Task<(int Status, string Text)> SendAsync(HttpMethod method, string path, JsonObject body)
    {
        var (status, text) = (0, "");
        try
        {
            using var request = new HttpRequestMessage(method, new Uri("/api/v2/" + path, UriKind.Relative)) { Content = JsonContent.Create(body) };
            using var response = await servers[random.Next(servers.Count)].SendAsync(request);
            text = await response.Content.ReadAsStringAsync();
            status = (int)response.StatusCode;
            if (status == 503 && response.Headers.RetryAfter is null)
                ledger.Complain("503 without Retry-After");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            // No answer: the server was killed, or is not there.
        }

        ledger.Count(status);
        return (status, text);
    }
}
