using System.Text.Json;
using Contacts.Core;
using Contacts.Workspaces;

namespace Contacts.Dialects.Weni;

/// <summary>A group as clients read it.</summary>
/// <example><code>{"uuid":"5f05311e-8f81-4a67-a5b5-1501b6d6496a","name":"Reporters","query":null,"status":"ready","count":0}</code></example>
internal static class GroupRead
{
    /// <summary>Writes a group.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="counted">The group with its count.</param>
    /// <param name="workspace">The workspace, which says whose clients read it.</param>
    public static void Write(Utf8JsonWriter json, CountedGroup counted, Workspace workspace)
    {
        json.WriteStartObject();
        json.WriteString("uuid", counted.Group.Id);
        json.WriteString("name", counted.Group.Name);
        json.WriteString("query", counted.Group.Query);
        json.WriteString("status", "ready");
        json.WriteNumber("count", counted.Count);
        if (Profiles.IsUpstream(workspace))
            json.WriteBoolean("system", false);
        json.WriteEndObject();
    }
}
