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

    private const int FewestEntries = 4;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    // In the order of their ids, which is jsonb's own. A page holds hundreds of contacts, most with a few values: a dictionary each would weigh more than they do.
    private Entry[] _entries;

    /// <summary>No values.</summary>
    public FieldValues()
        : this([], 0)
    {
    }

    private FieldValues(Entry[] entries, int count) => (_entries, Count) = (entries, count);

    /// <summary>How many fields have a value.</summary>
    public int Count { get; private set; }

    /// <summary>The fields that have a value.</summary>
    public IReadOnlyCollection<Guid> Ids => Array.ConvertAll(Entries.ToArray(), entry => entry.Id);

    private ReadOnlySpan<Entry> Entries => _entries.AsSpan(0, Count);

    /// <summary>The value of a field, null when it has none.</summary>
    /// <param name="id">The field's id.</param>
    public FieldValue? this[Guid id] => Find(id) is >= 0 and var place ? _entries[place].Value : null;

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
                values.Put(id, ReadValue(ref reader));
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
        if (Count == 0)
            return "{}";
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        var writer = _writer ??= new Utf8JsonWriter(buffer, WriterOptions);
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        foreach (var (id, value) in Entries)
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
        var place = Find(id);
        if (value is null ? place < 0 : place >= 0 && value.IsSaidAgain(_entries[place].Value))
            return false;
        if (value is null)
            RemoveAt(place);
        else
            Put(id, value);
        return true;
    }

    /// <summary>These values, and another contact's of the fields that have none here.</summary>
    /// <param name="other">The other contact's values.</param>
    /// <returns>The values: the same instance when there is nothing to fill.</returns>
    public FieldValues FilledFrom(FieldValues other)
    {
        ArgumentNullException.ThrowIfNull(other);
        FieldValues? filled = null;
        foreach (var (id, value) in other.Entries)
        {
            if (Find(id) < 0)
                (filled ??= Clone()).Put(id, value);
        }

        return filled ?? this;
    }

    /// <summary>A copy that changes on its own.</summary>
    /// <returns>The copy.</returns>
    public FieldValues Clone() => new(Entries.ToArray(), Count);

    /// <summary>The place of a field's value, or the complement of the place where it would be.</summary>
    private int Find(Guid id)
    {
        var (from, to) = (0, Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            var order = _entries[middle].Id.CompareTo(id);
            if (order == 0)
                return middle;
            (from, to) = order < 0 ? (middle + 1, to) : (from, middle);
        }

        return ~from;
    }

    private void Put(Guid id, FieldValue value)
    {
        // What is read from the column comes in order.
        var place = Count == 0 || _entries[Count - 1].Id.CompareTo(id) < 0 ? ~Count : Find(id);
        if (place < 0)
        {
            place = ~place;
            if (Count == _entries.Length)
                Array.Resize(ref _entries, Math.Max(FewestEntries, 2 * Count));
            Array.Copy(_entries, place, _entries, place + 1, Count - place);
            Count++;
        }

        _entries[place] = new Entry(id, value);
    }

    private void RemoveAt(int place)
    {
        Count--;
        Array.Copy(_entries, place + 1, _entries, place, Count - place);
        _entries[Count] = default;
    }

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

    private readonly record struct Entry(Guid Id, FieldValue Value);
}
