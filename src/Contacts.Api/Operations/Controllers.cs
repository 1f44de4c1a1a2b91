using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApplicationParts;

namespace Contacts.Operations;

/// <summary>
/// The controllers of one API, by name: MVC would look for them among all types of all assemblies, and load every one of those for it. The list of routes, a
/// snapshot under review, shows a controller that is missing here.
/// </summary>
/// <param name="api">Whose they are.</param>
/// <param name="types">The controllers.</param>
internal sealed class Controllers(string api, params Type[] types) : ApplicationPart, IApplicationPartTypeProvider
{
    /// <inheritdoc />
    public override string Name => api;

    /// <inheritdoc />
    public IEnumerable<TypeInfo> Types => types.Select(type => type.GetTypeInfo());
}
