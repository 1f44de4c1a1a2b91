using System.Text.Json.Serialization;
using Contacts.Urns;
using Contacts.Workspaces;
using FluentValidation;

namespace Contacts.Management;

/// <summary>What token to make.</summary>
/// <example><code>{"name":"n8n","role":"editor","dialect":"whaapy"}</code></example>
/// <param name="Name">What people call it, at most 100 characters; whoever is told of changes is told it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Dialect">The API that it opens: <c>weni</c>, unless said otherwise, or <c>whaapy</c>.</param>
public sealed record TokenWrite(string? Name, Role? Role, string? Dialect)
{
    /// <summary>Reads the attributes.</summary>
    /// <param name="body">The body.</param>
    internal static TokenWrite Read(Body body)
    {
        var name = body.RequiredText("name");
        var role = body.Choice<Role>("role");
        var dialect = body.Text("dialect");
        return new TokenWrite(name, role.IsGiven ? role.Value : null, dialect.IsGiven ? dialect.Value : ApiToken.Prefixes[0].Dialect);
    }
}

/// <summary>The shape of a token.</summary>
public sealed class TokenWriteValidator : AbstractValidator<TokenWrite>
{
    private const int MaxName = 100;

    /// <summary>The rules.</summary>
    public TokenWriteValidator()
    {
        RuleFor(token => token.Name).Must(name => name is null || (name.Length is > 0 and <= MaxName && StorableText.Is(name)))
            .WithMessage($"Must be 1 to {MaxName} characters of text.").OverridePropertyName("name");
        RuleFor(token => token.Role).NotNull().WithMessage("Is required.").OverridePropertyName("role");
        RuleFor(token => token.Dialect).Must(dialect => ApiToken.Prefixes.Any(kind => kind.Dialect == dialect))
            .WithMessage($"Must be one of: {string.Join(", ", ApiToken.Prefixes.Select(kind => kind.Dialect))}.").OverridePropertyName("dialect");
    }
}

/// <summary>A token.</summary>
/// <param name="Uuid">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Dialect">The API that it opens.</param>
/// <param name="Key">The key itself: shown when it was made, and never again.</param>
/// <param name="CreatedOn">When it was made, UTC.</param>
public sealed record TokenRead(
    Guid Uuid,
    string Name,
    Role Role,
    string Dialect,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Key,
    DateTime CreatedOn)
{
    /// <summary>A token as callers see it, without its key.</summary>
    /// <param name="token">The token.</param>
    public static TokenRead Of(ApiToken token) => new(token.Id, token.Name, token.Role, token.Dialect, null, token.CreatedOn);
}
