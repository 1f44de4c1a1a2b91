namespace Contacts.Calls;

/// <summary>How many may wait at once on this server; one workspace gets half of the seats at most, so that it can't keep the others out.</summary>
/// <param name="most">How many seats there are.</param>
internal sealed class Seats(int most)
{
    private readonly Dictionary<Guid, int> _taken = [];
    private int _all;

    /// <summary>Takes a seat, if there is one; it must be left again.</summary>
    /// <param name="workspaceId">Who wants it.</param>
    public bool TryTake(Guid workspaceId)
    {
        lock (_taken)
        {
            var own = _taken.GetValueOrDefault(workspaceId);
            if (_all >= most || own >= most / 2)
                return false;
            _all++;
            _taken[workspaceId] = own + 1;
            return true;
        }
    }

    /// <summary>Leaves a seat that was taken.</summary>
    /// <param name="workspaceId">Who had it.</param>
    public void Leave(Guid workspaceId)
    {
        lock (_taken)
        {
            _all--;
            if (--_taken[workspaceId] == 0)
                _taken.Remove(workspaceId);
        }
    }
}
