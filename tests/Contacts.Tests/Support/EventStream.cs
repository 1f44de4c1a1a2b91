using System.Net;
using System.Text;

namespace Contacts.Tests.Support;

/// <summary>Reads Server-Sent Events as a browser does.</summary>
public sealed class EventStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly StreamReader _reader;

    private EventStream(HttpClient http, StreamReader reader) => (_http, _reader) = (http, reader);

    /// <summary>Opens a stream of the web interface; its first line has been read.</summary>
    public static async Task<EventStream> OpenAsync(TestServer server, CookieContainer cookies, string path)
    {
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Address) };
        var answer = await http.GetAsync(new Uri($"/console/{path}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        var stream = new EventStream(http, new StreamReader(await answer.Content.ReadAsStreamAsync(), Encoding.UTF8));
        (await stream.LineAsync()).ShouldStartWith(":");
        return stream;
    }

    /// <summary>The next rows.</summary>
    public Task<string> RowsAsync() => EventAsync("rows");

    /// <summary>The data of the next event of a name.</summary>
    public async Task<string> EventAsync(string name)
    {
        while (true)
        {
            var data = new List<string>();
            var kind = "";
            while (await LineAsync() is { Length: > 0 } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                    kind = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data.Add(line[6..]);
            }

            if (kind == name)
                return string.Join('\n', data);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _http.Dispose();
    }

    private async Task<string> LineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _reader.ReadLineAsync(patience.Token) ?? throw new ShouldAssertException("The stream ended.");
    }
}
