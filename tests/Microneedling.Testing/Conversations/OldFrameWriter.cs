using Microneedling.Protocol;

namespace Microneedling.Testing.Conversations;

/// <summary>Puts frames of any version on the line: number and payload as given, today's framing around them.</summary>
public static class OldFrameWriter
{
    /// <summary>The bytes of a frame, from flag to flag.</summary>
    public static byte[] Write(OldFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return Write(frame.Id, frame.Sequence, frame.ReplyTo, frame.Payload);
    }

    /// <inheritdoc cref="Write(OldFrame)"/>
    public static byte[] Write(byte id, ushort sequence, ushort replyTo, byte[] payload)
    {
        return Write(new AnyMessage(id, payload), sequence, replyTo);
    }

    /// <summary>The bytes of a frame with a message of today.</summary>
    public static byte[] Write(Message message, ushort sequence, ushort replyTo = 0)
    {
        byte[] target = new byte[Framing.MaximumFrameLength];
        return target[..new FrameEncoder().Encode(message, sequence, replyTo, target)];
    }
}

/// <summary>Any number with any payload.</summary>
public sealed class AnyMessage(byte id, byte[] payload) : Message
{
    /// <inheritdoc/>
    public override MessageId Id => (MessageId)id;

    /// <inheritdoc/>
    public override int MinimumLength => payload.Length;

    /// <inheritdoc/>
    public override void Transfer(PayloadCursor cursor)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        for (int i = 0; i < payload.Length; i++)
        {
            payload[i] = cursor.Byte(payload[i]);
        }
    }
}
