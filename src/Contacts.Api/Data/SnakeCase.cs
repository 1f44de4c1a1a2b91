using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Contacts.Data;

/// <summary>Names of tables and columns as PostgreSQL people write them: <c>ContactUrns.WorkspaceId</c> is <c>contact_urns.workspace_id</c>.</summary>
internal static class SnakeCase
{
    /// <summary>Renames every table and column of a model.</summary>
    /// <param name="model">The model, its entity types known.</param>
    public static void Apply(ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            if (entity.GetTableName() is { } table)
                entity.SetTableName(Of(table));
            foreach (var property in entity.GetProperties())
                property.SetColumnName(Of(property.Name));
        }
    }

    /// <summary>One name.</summary>
    /// <param name="name">A name in Pascal case.</param>
    public static string Of(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(letter));
        }

        return snake.ToString();
    }
}
