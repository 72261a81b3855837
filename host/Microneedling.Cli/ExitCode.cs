namespace Microneedling.Cli;

/// <summary>What the program ends with.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    internal const int Done = 0;

    /// <summary>Done, and the answer is that something is not in order: an unsound record, a failed check, a latched fault.</summary>
    internal const int NotInOrder = 1;

    /// <summary>It could not be done; the reason is on standard error.</summary>
    internal const int Failed = 2;

    /// <summary>The device refused; nothing changed.</summary>
    internal const int Refused = 3;

    /// <summary>The link was lost, or a stop was not confirmed.</summary>
    internal const int LinkLost = 4;

    /// <summary>Ended by Ctrl-C; a device that could have moved has confirmed its stop.</summary>
    internal const int Interrupted = 130;

    /// <summary>The table, for the help.</summary>
    internal const string Table = """
        Exit codes:
          0    done
          1    the answer is "not in order": unsound record, failed check or self test, latched fault
          2    it could not be done; the reason is on standard error
          3    the device refused; nothing changed
          4    the link was lost, or a stop was not confirmed
          130  ended by Ctrl-C; a device that could have moved has confirmed its stop
        """;
}
