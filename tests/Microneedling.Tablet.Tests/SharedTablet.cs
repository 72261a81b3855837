// One running tablet for the tests of a class that only keep records, with everything that it logs.

using System.Collections.Concurrent;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microsoft.Extensions.Logging;

namespace Microneedling.Tablet.Tests;

/// <summary>The tablet of a class of tests.</summary>
public sealed class SharedTablet : IAsyncLifetime, ILoggerProvider
{
    public RunningTablet Tablet { get; private set; } = null!;

    /// <summary>Everything that was logged.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    public SessionStore Record => Tablet.Sessions;

    public async Task InitializeAsync()
    {
        Tablet = await RunningTablet.StartAsync();
        Tablet.Logs.AddProvider(this);
    }

    public async Task DisposeAsync() => await Tablet.DisposeAsync();

    /// <summary>A new client with a check that found nothing, and a consent.</summary>
    public static async Task<Sessions.Clinic.Client> AddReadyClientAsync(SessionStore record)
    {
        var who = new Actor(null, "Owner");
        var client = await record.Clients.AddAsync(who);
        await record.Clients.CheckAsync(who, client.Key, (await record.Site.ChecklistAsync()).Version, [], "");
        await record.Clients.ConsentAsync(who, client.Key, "Agreed.");
        return client;
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new Kept(Log);

    void IDisposable.Dispose()
    {
    }

    private sealed class Kept(ConcurrentQueue<string> log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue(formatter(state, exception) + exception);
    }
}
