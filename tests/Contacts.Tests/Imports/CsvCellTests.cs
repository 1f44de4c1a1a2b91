using System.Text;
using Contacts.Core;
using Contacts.Imports;

namespace Contacts.Tests.Imports;

/// <summary>What stands in files: cells, lists in cells, and how bytes are read.</summary>
public sealed class CsvCellTests
{
    [Theory]
    [InlineData("Ana", "Ana")]
    [InlineData("", "")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\"")]
    [InlineData("-2+3", "\"'-2+3\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData(" =1", "\"' =1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("+5511987654321", "+5511987654321")]
    [InlineData("-5.5", "-5.5")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    public void A_cell_is_no_formula_and_a_number_stays_one(string text, string cell) => CsvCell.Write(text).ShouldBe(cell);

    [Theory]
    [InlineData("=1+1")]
    [InlineData("'=1+1")]
    [InlineData("''=1+1")]
    [InlineData("'Ana'")]
    [InlineData("'")]
    [InlineData("+55 11")]
    [InlineData("+5511987654321")]
    [InlineData("'+5511987654321")]
    [InlineData("-")]
    [InlineData("\t")]
    [InlineData("＝x")]
    [InlineData(" - ")]
    [InlineData("a\r\nb;c,\"d\"")]
    public void What_is_written_is_read_again(string text)
    {
        var file = Encoding.UTF8.GetBytes($"{CsvCell.Write(text)},x\r\n");
        var row = CsvRows.Read(file, new ImportOptions()).Single();
        CsvCell.WithoutGuard(row.Cells[0]).ShouldBe(text);
        row.IsBroken.ShouldBeFalse();
    }

    [Theory]
    [InlineData("Devs|Ops", "Devs", "Ops")]
    [InlineData("Devs; Ops ;", "Devs", "Ops")]
    [InlineData("A\\; B|C\\\\D", "A; B", "C\\D")]
    [InlineData("C:\\x", "C:\\x")]
    public void A_cell_may_hold_a_list(string cell, params string[] texts)
    {
        CellList.Split(cell).ShouldBe(texts);
        CellList.Split(CellList.Join(texts)).ShouldBe(texts);
    }

    [Fact]
    public void Encodings_and_delimiters_are_guessed()
    {
        foreach (var (encoding, name) in new (Encoding, string)[] { (Encoding.UTF8, "utf-8"), (Encoding.Unicode, "utf-16"), (CsvText.EncodingOf("windows-1252"), "windows-1252") })
        {
            foreach (var delimiter in CsvText.Delimiters)
            {
                var text = $"nome{delimiter}telefone\r\nJoão{delimiter}\"1,2;3\t4\"\r\nZé{delimiter}5\r\n";
                byte[] content = [.. name == "utf-16" ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];
                CsvText.GuessEncoding(content).ShouldBe(name);
                CsvText.GuessDelimiter(content, name).ShouldBe(delimiter);
                var rows = CsvRows.ReadContacts(content, new ImportOptions { Encoding = name, Delimiter = delimiter }).ToList();
                rows.Select(row => row.Cells[0]).ShouldBe(["João", "Zé"]);
                rows.Select(row => row.Line).ShouldBe([2, 3]);
            }
        }
    }

    [Fact]
    public void Lines_are_those_of_the_file()
    {
        var rows = CsvRows.Read("a,b\n\n\"x\ny\",1\nz,\"broken\"q\n"u8.ToArray(), new ImportOptions()).ToList();
        rows.Select(row => (row.Line, row.IsBroken)).ShouldBe([(1, false), (3, false), (5, true)]);
    }

    [Fact]
    public void Columns_are_guessed_in_three_languages()
    {
        var age = new Field { WorkspaceId = Guid.Empty, Id = Guid.NewGuid(), Key = "age", Label = "Age", LabelKey = "age", ValueType = FieldType.Numeric, CreatedOn = default };
        ColumnGuess.Of(["Nome", "Celular", "E-mail", "Grupos", "AGE", "field:age", "whatsapp", "Correo electrónico", "uuid", "created_on", "What?"], new Catalog([age], []))
            .Select(target => target.ToString())
            .ShouldBe(["name", "urn:tel", "urn:mailto", "groups", "field:age", "ignore", "urn:whatsapp", "urn:mailto", "uuid", "ignore", "ignore"]);
    }
}
