// Makes shots from a seed: noise, frames whose CRC is right and whose content is anything, and frames spoilt on the way.
// What is drawn how often is in tables. A peaceful maker says nothing that may end what the device does.

using Microneedling.Protocol;

namespace Microneedling.Firmware.Tests.Fuzz;

/// <summary>Random bytes that look like a host's.</summary>
/// <param name="seed">Decides everything.</param>
/// <param name="peaceful">Neither the STOP byte nor a command that ends strokes, arming or homing.</param>
/// <param name="rightZeroOffset">The one zero offset that is told the device: it must believe what it is told.</param>
internal sealed class ShotMaker(int seed, bool peaceful, short rightZeroOffset)
{
    private const int LongestNoise = 120;
    private const int StopOneIn = 25;

    // Ends what is under way, and may.
    private static readonly MessageId[] Endings = [MessageId.HelloRequest, MessageId.Stop, MessageId.Disarm];

    // Made of fields only, see Typed: what their bytes mean, the device believes.
    private static readonly MessageId[] Believed = [MessageId.WriteSettings, MessageId.CalibrateZero];

    private static readonly int[] Depths = [0, 1, 99, 100, 101, 500, 1499, 1500, 1501, 2499, 2500, 2501, short.MaxValue, 0x8000, ushort.MaxValue];
    private static readonly uint[] Rates = [0, 1, 9_999, 10_000, 10_001, 60_000, 99_999, 100_000, 100_001, int.MaxValue, 0x80000000, uint.MaxValue];
    private static readonly uint[] Numbers = [0, 1, 2, 128, 255, 0x7E7E7E7E, int.MaxValue, 0x80000000, uint.MaxValue];
    private static readonly short[] Distances = [0, 1, -1, 200, -200, 500, -500, 501, -501, short.MaxValue, short.MinValue];
    private static readonly short[] NoOffsets = [301, -301, short.MaxValue, short.MinValue];

    private readonly Random random = new(seed);

    private (int Weight, Func<byte[]> Make)[] Kinds =>
    [
        (6, Noise),
        (8, () => Framed(Typed())),
        (3, () => Framed(AnyPayload())),
        (2, TooLong),
        (4, Spoilt),
        (1, () => [.. Enumerable.Repeat(Pick([Framing.Flag, Framing.Escape, Framing.XOff, (byte)0]), random.Next(1, 40))]),
    ];

    /// <summary>The next one.</summary>
    public Shot Next()
    {
        List<byte> bytes = [];
        for (int parts = random.Next(1, 4); parts > 0; parts--)
        {
            bytes.AddRange(PickByWeight(Kinds)());
        }

        bytes.RemoveAll(value => value == Framing.Stop);
        if (!peaceful && random.Next(StopOneIn) == 0)
        {
            bytes.Insert(random.Next(bytes.Count + 1), Framing.Stop);
        }

        uint? mask = random.Next(12) == 0 ? Pick<uint>([0, 1, 1u << random.Next(32), uint.MaxValue]) : null;
        return new Shot(Convert.ToHexString([.. bytes]), mask);
    }

    private byte[] Noise()
    {
        byte[] bytes = new byte[random.Next(1, LongestNoise)];
        random.NextBytes(bytes);
        return bytes;
    }

    // A known message, its fields at and around their limits.
    private byte[] Typed()
    {
        Message message = PickByWeight<Message>(
        [
            (6, () => new ConfigureTreatment
            {
                DepthMicrometers = (ushort)Pick(Depths),
                DepthCapMicrometers = (ushort)Pick(Depths),
                RateMillihertz = Pick(Rates),
                SupervisorUnlock = Pick<byte>([0, 1, 1, 2, 255]),
                BurstStrokes = peaceful ? (ushort)0 : Pick<ushort>([0, 0, 0, 1, 500, 501, ushort.MaxValue]),
            }),
            (1, () => new Arm { Token = Pick(Numbers) }),
            (2, () => new ClearFault { Fault = (ushort)(random.Next(2) == 0 ? (uint)Pick(Enum.GetValues<FaultCode>()) : Pick(Numbers)) }),
            (2, () => new EventsRequest { FirstNumber = Pick(Numbers) }),
            (1, () => new BeginSession { SessionNumber = Pick(Numbers) }),
            (3, () => new Jog { Micrometers = Pick(Distances) }),
            (1, () => new CalibrateZero { MeasuredMicrometers = Pick<short>([short.MinValue, short.MaxValue]) }),
            (1, () => new WriteSettings { SerialNumber = Pick(Numbers), ZeroOffsetMicrometers = random.Next(3) == 0 ? rightZeroOffset : Pick(NoOffsets) }),
            (3, () => new SettleCommand { CommandSequence = AnySequence(), CommandId = (byte)random.Next(256) }),
            (1, () => new Heartbeat { HostNonce = Pick(Numbers) }),
            (peaceful ? 0 : 1, () => new HelloRequest { ProtocolMajor = Pick<byte>([0, 1, 1, 1, 2, 255]), HostNonce = Pick(Numbers) }),
            (5, () => new EmptyMessage(Pick(Enum.GetValues<MessageId>()))),
        ])();
        if (peaceful && Endings.Contains(message.Id))
        {
            return Typed();
        }

        byte[] frame = new byte[Framing.MaximumFrameLength];
        int length = new FrameEncoder().Encode(message, AnySequence(), AnyReplyTo(), frame);
        byte[] body = Unstuff(frame.AsSpan(1, length - 2))[..^Framing.CrcLength];
        return random.Next(4) == 0 && !Believed.Contains(message.Id) ? OtherLength(body) : body;
    }

    private byte[] OtherLength(byte[] body) => random.Next(2) == 0
        ? body[..random.Next(Framing.HeaderLength, body.Length + 1)]
        : [.. body, .. Payload(random.Next(Framing.MaximumPayloadLength + Framing.HeaderLength - body.Length + 1))];

    // Any number with any payload, but for those that are believed or end something.
    private byte[] AnyPayload()
    {
        MessageId id = (MessageId)(random.Next(3) == 0 ? random.Next(256) : random.Next(0x20, 0x38));
        if (Believed.Contains(id) || (peaceful && (id == MessageId.ConfigureTreatment || Endings.Contains(id))))
        {
            return AnyPayload();
        }

        ushort sequence = AnySequence();
        ushort replyTo = AnyReplyTo();
        return [(byte)id, (byte)sequence, (byte)(sequence >> 8), (byte)replyTo, (byte)(replyTo >> 8), .. Payload(random.Next(Framing.MaximumPayloadLength + 1))];
    }

    private byte[] Payload(int length)
    {
        byte[] bytes = new byte[length];
        if (random.Next(3) == 0)
        {
            Array.Fill(bytes, Pick<byte>([0, 0xFF, 0x7F, 0x80, Framing.Flag, Framing.Stop]));
        }
        else
        {
            random.NextBytes(bytes);
        }

        return bytes;
    }

    // Longer than any frame may be, shorter than that, or nothing at all between the flags.
    private byte[] TooLong() => Framed(Payload(random.Next(3) switch
    {
        0 => random.Next(Framing.MaximumBodyLength - Framing.CrcLength + 1, 200),
        1 => random.Next(Framing.HeaderLength),
        _ => 0,
    }));

    private byte[] Spoilt()
    {
        List<byte> bytes = [.. Framed(random.Next(2) == 0 ? Typed() : AnyPayload())];
        for (int times = random.Next(1, 4); times > 0 && bytes.Count > 1; times--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, Pick([Framing.Flag, Framing.Escape, Framing.XOn, (byte)random.Next(256)]));
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Framed(Typed()));
                    break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Framed(byte[] body)
    {
        uint crc = Crc32.Of(body, 0, body.Length);
        List<byte> frame = [Framing.Flag];
        foreach (byte value in (byte[])[.. body, .. BitConverter.GetBytes(crc)])
        {
            frame.AddRange(Framing.IsReserved(value) ? [Framing.Escape, (byte)(value ^ Framing.EscapeMask)] : (byte[])[value]);
        }

        return [.. frame, Framing.Flag];
    }

    private static byte[] Unstuff(ReadOnlySpan<byte> stuffed)
    {
        List<byte> bytes = [];
        for (int i = 0; i < stuffed.Length; i++)
        {
            bytes.Add(stuffed[i] == Framing.Escape ? (byte)(stuffed[++i] ^ Framing.EscapeMask) : stuffed[i]);
        }

        return [.. bytes];
    }

    private ushort AnySequence() => random.Next(4) == 0 ? Pick<ushort>([0, 1, 0x7FFF, 0x8000, ushort.MaxValue]) : (ushort)random.Next(ushort.MaxValue + 1);

    private ushort AnyReplyTo() => random.Next(2) == 0 ? (ushort)0 : (ushort)random.Next(ushort.MaxValue + 1);

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];

    private Func<T> PickByWeight<T>((int Weight, Func<T> Make)[] from)
    {
        int at = random.Next(from.Sum(one => one.Weight));
        return from.First(one => (at -= one.Weight) < 0).Make;
    }
}
