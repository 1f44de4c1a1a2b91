namespace Contacts.Tests.Support;

/// <summary>Starts calls at the same moment.</summary>
public static class Racing
{
    /// <summary>Runs a call many times at once.</summary>
    /// <param name="count">How many.</param>
    /// <param name="call">The call, by its number from 0.</param>
    public static async Task<T[]> RunAsync<T>(int count, Func<int, Task<T>> call)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, count).Select(async number =>
        {
            await start.Task;
            return await call(number);
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(calls);
    }

    /// <summary>Runs different calls at once.</summary>
    public static Task<T[]> RunAsync<T>(params Func<Task<T>>[] calls) => RunAsync(calls.Length, number => calls[number]());
}
