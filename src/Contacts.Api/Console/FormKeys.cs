using System.Xml.Linq;
using Contacts.Core;
using Contacts.Data;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Console;

/// <summary>Keeps the keys that guard forms in the database, so that a form of one server may be sent to another, and after a restart.</summary>
/// <param name="contexts">Where they are kept.</param>
/// <param name="clock">The clock.</param>
internal sealed class FormKeys(IDbContextFactory<ContactsDb> contexts, TimeProvider clock) : IXmlRepository
{
    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        return [.. db.ConsoleKeys.AsNoTracking().OrderBy(key => key.Id).Select(key => key.Xml).AsEnumerable().Select(xml => XElement.Parse(xml))];
    }

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        using var db = contexts.CreateDbContext();
        db.Add(new FormKey { Id = RowId.At(clock.Now()), Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }
}
