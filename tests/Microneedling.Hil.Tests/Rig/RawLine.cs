using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Hil.Tests;

/// <summary>A line without the host's own checks: any message, any byte. What the firmware must refuse, a good host never sends.</summary>
internal sealed class RawLine(ITransport line, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    private readonly FrameEncoder encoder = new();
    private readonly FrameDecoder decoder = new();
    private readonly byte[] buffer = new byte[1024];
    private ushort sequence;

    public ValueTask DisposeAsync() => line.DisposeAsync();

    public async Task SendAsync(params byte[] bytes) => await line.WriteAsync(bytes, CancellationToken.None);

    /// <summary>Greets the device, as often as it takes.</summary>
    public async Task GreetAsync()
    {
        HelloRequest hello = new() { ProtocolMajor = ProtocolVersion.Major, ProtocolMinor = ProtocolVersion.Minor, HostNonce = 0x0A11CE };
        for (int i = 0; i < 20; i++)
        {
            if (await AskAsync(hello) == MessageId.HelloReply)
            {
                return;
            }
        }

        throw new TimeoutException("The device does not answer a greeting.");
    }

    /// <summary>Sends a message; which kind of answer came, or null: none. The reason when it was rejected.</summary>
    public async Task<MessageId?> AskAsync(Message message) => (await AnswerAsync(message)).Id;

    /// <summary>Sends a message; why it was rejected, or null: it was not.</summary>
    public async Task<RejectionReason?> RefusalAsync(Message message) => (await AnswerAsync(message)).Reason;

    private async Task<(MessageId? Id, RejectionReason? Reason)> AnswerAsync(Message message)
    {
        byte[] frame = new byte[Framing.MaximumFrameLength];
        sequence++;
        int length = encoder.Encode(message, sequence, 0, frame);
        await line.WriteAsync(frame.AsMemory(0, length), CancellationToken.None);
        using CancellationTokenSource timeout = new(AnswerTimeout, time);
        try
        {
            while (true)
            {
                int read = await line.ReadAsync(buffer, timeout.Token);
                for (int i = 0; i < read; i++)
                {
                    if (decoder.Push(buffer[i]) == DecodeResult.Frame && decoder.ReplyTo == sequence)
                    {
                        Rejected rejected = new();
                        return (decoder.Id, decoder.Id == MessageId.Rejected && decoder.TryRead(rejected) ? (RejectionReason)rejected.Reason : null);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            return (null, null);
        }
    }
}
