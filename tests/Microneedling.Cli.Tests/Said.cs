using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Microneedling.Cli.Tests;

/// <summary>Lines as they are said, from any thread, and the waiting for one. Also a writer, for commands in this process.</summary>
internal sealed class Said : TextWriter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly List<string> all = [];
    private readonly StringBuilder begun = new();

    public Said()
        : base(CultureInfo.InvariantCulture)
    {
    }

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Everything so far.</summary>
    internal IReadOnlyList<string> All
    {
        get
        {
            lock (gate)
            {
                return [.. all];
            }
        }
    }

    internal string Text => string.Join('\n', All);

    public override void Write(char value)
    {
        lock (gate)
        {
            if (value == '\n')
            {
                Say(begun.ToString().TrimEnd('\r'));
                begun.Clear();
            }
            else
            {
                begun.Append(value);
            }
        }
    }

    internal void Say(string line)
    {
        lock (gate)
        {
            all.Add(line);
            lines.Writer.TryWrite(line);
        }
    }

    internal void End() => lines.Writer.TryComplete();

    /// <summary>The next line in which this stands; those before it are passed over.</summary>
    internal async Task<string> NextAsync(string part)
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            while (await lines.Reader.WaitToReadAsync(patience.Token))
            {
                while (lines.Reader.TryRead(out var line))
                {
                    if (line.Contains(part, StringComparison.Ordinal))
                    {
                        return line;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Said below.
        }

        throw new TimeoutException($"Nobody has said '{part}'. Said was: {Text}");
    }
}
