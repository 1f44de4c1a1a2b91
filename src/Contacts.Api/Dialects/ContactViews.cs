using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Dialects;

/// <summary>A contact as each dialect's clients read it, for people who look at both sides. A new dialect adds its line.</summary>
internal static class ContactViews
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The contact in each dialect's JSON, by the dialect's name.</summary>
    /// <param name="contact">The contact.</param>
    /// <param name="workspace">The workspace, which may hide addresses.</param>
    /// <param name="catalog">Its fields and groups.</param>
    /// <param name="stages">Its stages, by id.</param>
    public static IReadOnlyList<(string Dialect, string Json)> Of(
        Contact contact, Workspace workspace, Catalog catalog, IReadOnlyDictionary<Guid, Stage> stages) =>
    [
        ("Weni", TextOf(json => Weni.ContactRead.Write(json, contact, workspace, catalog))),
        ("Whaapy", TextOf(json => Whaapy.ContactRead.Write(json, contact, workspace, stages))),
    ];

    private static string TextOf(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Indented))
            write(json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
