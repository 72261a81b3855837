using Microneedling.Sessions.Clinic;

namespace Microneedling.Sessions.Exchange;

/// <summary>An export was not taken in; nothing was changed. The message says why, and where in the file.</summary>
public sealed class ImportRefusedException : RecordRefusedException
{
    internal ImportRefusedException(string code, string message, string? details = null)
        : base(code, details is null ? message : $"{message} ({details})") => Details = details;

    /// <summary>The place in the file, or the hashes that differ: the same in every language; or null.</summary>
    public string? Details { get; }
}
