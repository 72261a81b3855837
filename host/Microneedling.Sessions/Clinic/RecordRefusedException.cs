namespace Microneedling.Sessions.Clinic;

/// <summary>
/// What was to be written will not do; nothing was changed. <see cref="Code"/> names the reason, such as
/// <c>person.nameTaken</c>, for words in another language; the message says it in English with what to do.
/// </summary>
public class RecordRefusedException(string code, string message) : Exception(message)
{
    /// <summary>The reason's name.</summary>
    public string Code { get; } = code;
}
