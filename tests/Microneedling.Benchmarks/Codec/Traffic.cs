using System.Reflection;
using Microneedling.Protocol;

namespace Microneedling.Benchmarks.Codec;

/// <summary>What goes over the line, made of a fixed seed so that every run measures the same bytes.</summary>
internal static class Traffic
{
    private const int Seed = 20_000;

    /// <summary>Statuses of a device that runs, 50 ms apart.</summary>
    public static StatusReport[] Statuses(int count)
    {
        Random random = new(Seed);
        StatusReport[] statuses = new StatusReport[count];
        for (int i = 0; i < count; i++)
        {
            statuses[i] = new StatusReport
            {
                UptimeMilliseconds = 4_000_000 + ((uint)i * 50),
                State = (byte)DeviceState.Running,
                Inputs = (ushort)(Protocol.Inputs.SupplyGood | Protocol.Inputs.CartridgeSeated | Protocol.Inputs.TriggerPressed | Protocol.Inputs.WatchdogGood),
                Flags = (byte)(StatusFlags.Homed | StatusFlags.NeedlesMoving | StatusFlags.LinkAlive),
                StagePositionMicrometers = (short)(750 + random.Next(-3, 1)),
                DepthMicrometers = 750,
                DepthCapMicrometers = 1_500,
                RateMillihertz = 60_000,
                DrivenRateMillihertz = 60_000,
                MeasuredRateMillihertz = (uint)(60_000 + random.Next(-150, 151)),
                StrokeCount = 12_000 + ((uint)i * 3),
                Token = 0x5A17C0DE,
                LatestEventNumber = 40 + ((uint)i / 64),
                DroppedReports = 2,
                TickGaps = 5,
                SessionNumber = 1_204,
            };
        }

        return statuses;
    }

    /// <summary>Whole frames of every message, in random order and with any field values, at least so many bytes.</summary>
    public static byte[] AnyFrames(int atLeast)
    {
        Random random = new(Seed);
        Message[] messages = [.. AllMessages()];
        FrameEncoder encoder = new();
        byte[] frame = new byte[Framing.MaximumFrameLength];
        List<byte> line = [];
        while (line.Count < atLeast)
        {
            Message message = messages[random.Next(messages.Length)];
            Fill(message, random);
            int length = encoder.Encode(message, (ushort)random.Next(65536), (ushort)random.Next(65536), frame);
            line.AddRange(frame.AsSpan(0, length));
        }

        return [.. line];
    }

    private static IEnumerable<Message> AllMessages()
    {
        Message[] withPayload =
        [
            .. typeof(Message).Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(Message)) && type != typeof(EmptyMessage))
                .Select(type => (Message)Activator.CreateInstance(type)!),
        ];
        return withPayload.Concat(
            Enum.GetValues<MessageId>()
                .Where(id => id != MessageId.None && withPayload.All(message => message.Id != id))
                .Select(id => new EmptyMessage(id)));
    }

    private static void Fill(Message message, Random random)
    {
        foreach (FieldInfo field in message.GetType().GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            long bits = random.NextInt64();
            field.SetValue(message, Type.GetTypeCode(field.FieldType) switch
            {
                TypeCode.Byte => (object)(byte)bits,
                TypeCode.UInt16 => (ushort)bits,
                TypeCode.Int16 => (short)bits,
                TypeCode.UInt32 => (uint)bits,
                TypeCode.Int32 => (int)bits,
                _ => throw new NotSupportedException($"A message field of type {field.FieldType.Name} needs a case here."),
            });
        }
    }
}
