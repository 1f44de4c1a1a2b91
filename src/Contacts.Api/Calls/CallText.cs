using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Contacts.Core;
using Contacts.Operations;
using Microsoft.Extensions.Primitives;

namespace Contacts.Calls;

/// <summary>Makes the row of a call: the texts of its headers and bodies, with the secrets masked. Off the call's path.</summary>
internal static class CallText
{
    private const string Replayed = "Idempotent-Replayed";
    private const int MaxLine = 4_096;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The row, and apart from it the answer's text: of a list it is long, and what is written as it came needs no string.</summary>
    /// <param name="workspaceId">Whose it is.</param>
    /// <param name="call">The call, not closed before the row is written.</param>
    /// <param name="changes">Writes what changed.</param>
    public static (RecordedCall Row, ReadOnlyMemory<byte>? Answer) RowOf(Guid workspaceId, CallRecord call, ChangeText changes)
    {
        var flags = FlagsOf(call);
        var query = IsKept(call) && !string.IsNullOrEmpty(call.Query) ? Cut(FieldText.Storable(Masks.Query(call.Query))) : null;
        var body = BodyOf(call, ref flags);
        var answer = AnswerOf(call, ref flags);
        var (requestHeaders, answerHeaders) = (HeadersOf(call.RequestHeaders, FrozenSet<string>.Empty), HeadersOf(call.AnswerHeaders, SafeHeaders.Names));
        var contacts = call.Journal?.Contacts ?? [];
        var (understood, changed) = call.Journal is { } journal ? (changes.Understood(journal), changes.Changes(journal)) : (null, null);
        var path = FieldText.Storable(call.Path.ToUriComponent());
        var row = new RecordedCall
        {
            WorkspaceId = workspaceId,
            Id = RowId.At(call.StartedOn),
            TokenId = call.Caller?.Token.Id,
            TokenName = call.Caller?.Token.Name,
            Dialect = call.Dialect!,
            Method = FieldText.Storable(call.Method),
            Path = Cut(path),
            Query = query,
            Status = call.Status,
            DurationUs = (long)call.Duration.TotalMicroseconds,
            ContactId = contacts.Count == 1 ? contacts.First() : null,
            Address = call.Address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4().ToString() : call.Address?.ToString(),
            RequestId = FieldText.Storable(call.RequestId),
            Flags = flags,
            Size = WeightOf(path, query, requestHeaders, answerHeaders, body, understood, changed) + (answer?.Length ?? 0),
            BodySize = call.BodySize,
            AnswerSize = call.AnswerSize,
            RequestHeaders = requestHeaders,
            Body = body,
            AnswerHeaders = answerHeaders,
            Understood = understood,
            Changes = changed,
        };
        return (row, answer);
    }

    private static readonly (CallFlags Cut, CallFlags InBase64, CallFlags Hidden) RequestFlags = (CallFlags.BodyCut, CallFlags.BodyInBase64, CallFlags.BodyHidden);

    private static readonly (CallFlags Cut, CallFlags InBase64, CallFlags Hidden) AnswerFlags = (CallFlags.AnswerCut, CallFlags.AnswerInBase64, CallFlags.AnswerHidden);

    /// <summary>
    /// Whether what was sent is kept. Not when nobody knows whose it is: it may belong to another workspace than the one that sees the call. Not when addresses
    /// are hidden: they stand in it.
    /// </summary>
    private static bool IsKept(CallRecord call) => call.Caller is { Workspace.IsAnonymous: false };

    private static string? BodyOf(CallRecord call, ref CallFlags flags)
    {
        if (!IsKept(call))
        {
            if (call.BodySize > 0 || call.Form is { Count: > 0 })
                flags |= CallFlags.BodyHidden;
            return null;
        }

        if (call.Form is { } form && call.Body.IsEmpty)
            return FormOf(call, form, ref flags);
        return TextOf(call.Body, call.HasSecrets, RequestFlags, ref flags) is { } text ? Encoding.UTF8.GetString(text.Span) : null;
    }

    /// <summary>What a stranger is answered are the server's own sentences, and say why.</summary>
    private static ReadOnlyMemory<byte>? AnswerOf(CallRecord call, ref CallFlags flags)
    {
        if (flags.HasFlag(CallFlags.Anonymous))
        {
            if (call.AnswerSize > 0)
                flags |= CallFlags.AnswerHidden;
            return null;
        }

        var answer = TextOf(call.Answer, call.HasSecrets, AnswerFlags, ref flags);
        if (answer is not { } plain || !Masks.HasSecrets(call.Query))
            return answer;
        return Encoding.UTF8.GetBytes(Masks.Answer(Encoding.UTF8.GetString(plain.Span), call.Query));
    }

    private static CallFlags FlagsOf(CallRecord call)
    {
        var flags = call.Caller is { Workspace.IsAnonymous: true } ? CallFlags.Anonymous : CallFlags.None;
        foreach (var (name, _) in call.AnswerHeaders)
        {
            if (name.Equals(CallRecord.FaultHeader, StringComparison.OrdinalIgnoreCase))
                flags |= CallFlags.Fault;
            else if (name.Equals(Replayed, StringComparison.OrdinalIgnoreCase))
                flags |= CallFlags.Replayed;
        }

        return flags;
    }

    /// <summary>What is kept of a body, as UTF-8 that a column of text can hold.</summary>
    private static ReadOnlyMemory<byte>? TextOf(
        ReadOnlyMemory<byte> body, bool hasSecrets, (CallFlags Cut, CallFlags InBase64, CallFlags Hidden) kinds, ref CallFlags flags)
    {
        if (body.IsEmpty)
            return null;
        if (hasSecrets)
        {
            if (Masks.Body(body) is not { } masked)
            {
                flags |= kinds.Hidden;
                return null;
            }

            body = masked;
        }

        if (body.Length > CallRecord.MaxBody)
        {
            flags |= kinds.Cut;
            var end = CallRecord.MaxBody;
            while (end > CallRecord.MaxBody - 4 && (body.Span[end] & 0xC0) == 0x80)
                end--;
            body = body[..end];
        }

        if (Utf8.IsValid(body.Span) && !body.Span.Contains((byte)0))
            return body;
        flags |= kinds.InBase64;
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(body.Span));
    }

    /// <summary>A form is read by the framework; its pairs are what is left of it.</summary>
    private static string? FormOf(CallRecord call, IFormCollection form, ref CallFlags flags)
    {
        if (form.Count == 0)
            return null;
        flags |= CallFlags.BodyIsForm;
        if (call.HasSecrets)
        {
            flags |= CallFlags.BodyHidden;
            return null;
        }

        var pairs = form.SelectMany(pair => pair.Value.Select(value => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(value ?? string.Empty)}"));
        var text = string.Join('&', pairs);
        if (text.Length <= CallRecord.MaxBody)
            return text;
        flags |= CallFlags.BodyCut;
        return text[..CallRecord.MaxBody];
    }

    private static string HeadersOf(KeyValuePair<string, StringValues>[] headers, FrozenSet<string> left)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
        {
            json.WriteStartObject();
            foreach (var (name, value) in headers)
            {
                if (!left.Contains(name))
                    json.WriteString(name, Masks.Header(name, value.ToString()));
            }

            json.WriteEndObject();
        }

        return FieldText.Storable(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    private static string Cut(string text) => text.Length <= MaxLine ? text : text[..MaxLine];

    private static int WeightOf(params ReadOnlySpan<string?> texts)
    {
        // What a row has beside its texts, and its place in the indexes.
        var weight = 250;
        foreach (var text in texts)
            weight += text is null ? 0 : Encoding.UTF8.GetByteCount(text);
        return weight;
    }
}
