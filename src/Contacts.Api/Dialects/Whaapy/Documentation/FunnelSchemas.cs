namespace Contacts.Dialects.Whaapy.Documentation;

// As the schemas of contacts: a test holds these against real answers.

/// <summary>A stage of the funnel.</summary>
/// <param name="Id">The stage's id.</param>
/// <param name="Name">The name.</param>
/// <param name="Position">Its place, from 0.</param>
/// <param name="Color"><c>#RRGGBB</c>.</param>
/// <param name="ContactCount">How many contacts are in it.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="UpdatedAt">When it last changed, UTC.</param>
internal sealed record Stage(Guid Id, string Name, int Position, string Color, long ContactCount, DateTime CreatedAt, DateTime UpdatedAt);

/// <summary>A stage by its id and name.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name.</param>
internal sealed record StageReference(Guid Id, string Name);

/// <summary>An answer that holds a stage.</summary>
/// <param name="Stage">The stage.</param>
internal sealed record StageAnswer(Stage Stage);

/// <summary>All stages.</summary>
/// <param name="Stages">The stages in the funnel's order.</param>
internal sealed record StagesAnswer(IReadOnlyList<Stage> Stages);

/// <summary>All stages in their new order.</summary>
/// <param name="Success">Always true.</param>
/// <param name="Stages">The stages in the funnel's order.</param>
internal sealed record OrderedAnswer(bool Success, IReadOnlyList<Stage> Stages);

/// <summary>What to write of a stage.</summary>
/// <param name="Name">The name, 1 to 100 characters.</param>
/// <param name="Color"><c>#RRGGBB</c>; <c>#6366f1</c> when left out.</param>
/// <param name="Position">The place of a new stage, from 0.</param>
internal sealed record StageBody(string? Name, string? Color, int? Position);

/// <summary>An order of stages.</summary>
/// <param name="StageIds">The stages, first to last.</param>
internal sealed record OrderBody(IReadOnlyList<Guid> StageIds);

/// <summary>Where to move a contact.</summary>
/// <param name="StageId">The stage; null takes it out of the funnel.</param>
internal sealed record MoveBody(Guid? StageId);

/// <summary>A contact that was moved.</summary>
/// <param name="ContactId">The contact.</param>
/// <param name="PreviousStage">Where it was.</param>
/// <param name="NewStage">Where it is.</param>
/// <param name="MovedAt">When, UTC.</param>
internal sealed record MoveAnswer(Guid ContactId, StageReference? PreviousStage, StageReference? NewStage, DateTime MovedAt);
