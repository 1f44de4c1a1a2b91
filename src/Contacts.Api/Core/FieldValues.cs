using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Contacts.Core;

/// <summary>
/// A contact's values, keyed by the field's id, as the <c>fields</c> column holds them:
/// <c>{"0197…":{"text":"39","number":39}}</c>, absent parts left out. Values of fields that this server does not know yet are kept.
/// </summary>
public sealed class FieldValues
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Each thread has its own writer, which is used up to here again.
    private const int LargestKept = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    private readonly Dictionary<Guid, FieldValue> _values;

    /// <summary>No values.</summary>
    public FieldValues()
        : this([])
    {
    }

    private FieldValues(Dictionary<Guid, FieldValue> values) => _values = values;

    /// <summary>How many fields have a value.</summary>
    public int Count => _values.Count;

    /// <summary>The fields that have a value.</summary>
    public IReadOnlyCollection<Guid> Ids => _values.Keys;

    /// <summary>The value of a field, null when it has none.</summary>
    /// <param name="id">The field's id.</param>
    public FieldValue? this[Guid id] => _values.GetValueOrDefault(id);

    /// <summary>Reads the column.</summary>
    /// <param name="utf8Json">A JSON object; empty input and <c>null</c> are no values.</param>
    /// <returns>The values.</returns>
    /// <exception cref="JsonException">It is not JSON, or not an object.</exception>
    public static FieldValues Parse(ReadOnlySpan<byte> utf8Json)
    {
        var values = new FieldValues();
        if (utf8Json.IsEmpty)
            return values;
        var reader = new Utf8JsonReader(utf8Json);
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return values;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The values of a contact's fields are a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = TryReadId(ref reader, out var id);
            reader.Read();
            if (known && reader.TokenType == JsonTokenType.StartObject)
                values._values[id] = ReadValue(ref reader);
            else
                reader.Skip();
        }

        return values;
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    /// <param name="json">A JSON object; empty text and <c>null</c> are no values.</param>
    public static FieldValues Parse(string json)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(json.Length));
        try
        {
            return Parse(rented.AsSpan(0, Encoding.UTF8.GetBytes(json, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Writes the column. NUL characters are left out and halves of surrogate pairs replaced, since jsonb refuses them.</summary>
    /// <returns>A JSON object.</returns>
    public string ToJson()
    {
        if (_values.Count == 0)
            return "{}";
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        var writer = _writer ??= new Utf8JsonWriter(buffer, WriterOptions);
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        foreach (var (id, value) in _values)
            Write(writer, id, value);
        writer.WriteEndObject();
        writer.Flush();
        var json = Encoding.UTF8.GetString(buffer.WrittenSpan);
        if (buffer.Capacity > LargestKept)
            (_buffer, _writer) = (null, null);
        return json;
    }

    /// <summary>Sets or, with null, removes a value.</summary>
    /// <param name="id">The field's id.</param>
    /// <param name="value">The value, or null.</param>
    /// <returns>True when something changed.</returns>
    public bool Set(Guid id, FieldValue? value)
    {
        if (value is null)
            return _values.Remove(id);
        if (this[id] is { } before && value.IsSaidAgain(before))
            return false;
        _values[id] = value;
        return true;
    }

    /// <summary>These values, and another contact's of the fields that have none here.</summary>
    /// <param name="other">The other contact's values.</param>
    /// <returns>The values: the same instance when there is nothing to fill.</returns>
    public FieldValues FilledFrom(FieldValues other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._values.Keys.All(_values.ContainsKey))
            return this;
        var filled = Clone();
        foreach (var (id, value) in other._values)
            filled._values.TryAdd(id, value);
        return filled;
    }

    /// <summary>A copy that changes on its own.</summary>
    /// <returns>The copy.</returns>
    public FieldValues Clone() => new(new Dictionary<Guid, FieldValue>(_values));

    private static void Write(Utf8JsonWriter writer, Guid id, FieldValue value)
    {
        Span<char> key = stackalloc char[36];
        id.TryFormat(key, out _);
        writer.WriteStartObject(key);
        writer.WriteString("text"u8, FieldText.Storable(value.Text));
        if (value.Number is { } number)
            writer.WriteNumber("number"u8, FieldValue.Trim(number));
        if (value.Time is { } time)
            writer.WriteString("datetime"u8, FieldTime.Show(time));
        writer.WriteEndObject();
    }

    /// <summary>A name in its plain form needs no text of its own.</summary>
    private static bool TryReadId(ref Utf8JsonReader reader, out Guid id)
    {
        if (reader.ValueIsEscaped)
            return Guid.TryParseExact(ReadText(ref reader), "D", out id);
        return Utf8Parser.TryParse(reader.ValueSpan, out id, out var read, 'D') && read == reader.ValueSpan.Length;
    }

    private static FieldValue ReadValue(ref Utf8JsonReader reader)
    {
        var text = string.Empty;
        decimal? number = null;
        DateTimeOffset? time = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.ValueTextEquals("text"u8);
            var isNumber = reader.ValueTextEquals("number"u8);
            var isTime = reader.ValueTextEquals("datetime"u8);
            reader.Read();
            if (isText && reader.TokenType == JsonTokenType.String)
                text = ReadText(ref reader);
            else if (isNumber && reader.TokenType == JsonTokenType.Number)
                number = reader.TryGetDecimal(out var read) ? FieldValue.Trim(read) : null;
            else if (isTime && reader.TokenType == JsonTokenType.String)
                time = reader.TryGetDateTimeOffset(out var read) ? read : null;
            else
                reader.Skip();
        }

        return new FieldValue(text, number, time);
    }

    private static string ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("A JSON string holds half a surrogate pair.", exception);
        }
    }
}
