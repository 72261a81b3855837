namespace Microneedling.Simulator.Plugs;

/// <summary>A device's bench controller as its line sees it: a line of text in, a line out. Who makes one decides what is said.</summary>
public interface IBenchController : IAsyncDisposable
{
    /// <summary>Answers one line; both without their ends.</summary>
    Task<string> AnswerAsync(string command, CancellationToken ct = default);

    /// <summary>Its host has gone: the connection has ended.</summary>
    void LoseHost();
}
