using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Microneedling.Client;

/// <summary>Gives every item to every reader, each of which has a queue of its own. For any thread.</summary>
internal sealed class Broadcast<T>
{
    private readonly Lock gate = new();
    private readonly List<Channel<T>> readers = [];
    private bool ended;

    /// <summary>Adds a reader. It ends when it has read what there is after <see cref="End"/>.</summary>
    public void Join(Channel<T> reader)
    {
        lock (gate)
        {
            if (ended)
            {
                reader.Writer.TryComplete();
            }
            else
            {
                readers.Add(reader);
            }
        }
    }

    /// <summary>Removes a reader.</summary>
    public void Leave(Channel<T> reader)
    {
        lock (gate)
        {
            readers.Remove(reader);
        }
    }

    /// <summary>Reads until the end, from joining to leaving. Stays on the caller's context, which ReadAllAsync would not.</summary>
    public async IAsyncEnumerable<T> ReadAsync(Func<Channel<T>> makeReader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<T> reader;
        lock (gate)
        {
            reader = makeReader();
            Join(reader);
        }

        try
        {
            while (await reader.Reader.WaitToReadAsync(cancellationToken))
            {
                while (reader.Reader.TryRead(out T? item))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            Leave(reader);
        }
    }

    /// <summary>Hands an item to every reader.</summary>
    public void Publish(T item)
    {
        lock (gate)
        {
            readers.ForEach(reader => reader.Writer.TryWrite(item));
        }
    }

    /// <summary>Nothing follows.</summary>
    public void End()
    {
        lock (gate)
        {
            ended = true;
            readers.ForEach(reader => reader.Writer.TryComplete());
            readers.Clear();
        }
    }
}
