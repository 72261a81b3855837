namespace Microneedling.Client.Transports;

/// <summary>A read or a write that waits. Whoever takes it out of where it waits, ends it.</summary>
internal sealed class Pending<TMemory>(TMemory memory) : TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Where to read to, or what is still to be written.</summary>
    public TMemory Memory { get; set; } = memory;

    /// <summary>From now on the token ends it, if it can be withdrawn then.</summary>
    public void WithdrawWhenCancelled(Func<Pending<TMemory>, bool> withdraw, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
        {
            return;
        }

        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            _ =>
            {
                if (withdraw(this))
                {
                    TrySetCanceled(cancellationToken);
                }
            },
            null);
        Task.ContinueWith(
            static (_, registered) => ((CancellationTokenRegistration)registered!).Unregister(),
            registration,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
