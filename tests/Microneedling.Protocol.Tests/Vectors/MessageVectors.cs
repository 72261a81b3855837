using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Microneedling.Protocol.Tests.Vectors;

/// <summary>
/// Which messages are written down as vectors: each as it typically looks, with all fields at 0, largest and smallest,
/// with every byte a reserved one, and as another minor version sends it.
/// </summary>
internal static class MessageVectors
{
    public const string About =
        "Every message on the line. 'payload', 'crc' and 'frame' are bytes in hexadecimal; the CRC as it stands in the frame before stuffing. "
        + "'readOnly': sent by another minor version; to be understood, with 0 for fields that were not sent, and never to be written.";

    public static readonly VectorFile File = new("messages.json");

    // As one run of a device looks.
    private static readonly (Message Message, ushort Sequence, ushort ReplyTo)[] Typical =
    [
        (new HelloRequest { ProtocolMajor = 1, ProtocolMinor = 2, HostNonce = 0x0B5E55ED }, 1000, 0),
        (new HelloReply
        {
            ProtocolMajor = 1, ProtocolMinor = 2, FirmwareMajor = 0, FirmwareMinor = 3, FirmwarePatch = 0, SerialNumber = 17, BootId = 0x5EED1234,
            Capabilities = 0x000000FF, MinimumDepthMicrometers = 100, UnsupervisedDepthMicrometers = 1500, AbsoluteDepthMicrometers = 2500,
            MinimumRateMillihertz = 10_000, MaximumRateMillihertz = 100_000, LinkTimeoutMilliseconds = 500, HostNonce = 0x0B5E55ED,
        }, 41, 1000),
        (new Heartbeat { HostNonce = 0x0B5E55ED }, 0, 0),
        (new EmptyMessage(MessageId.Home), 1001, 0),
        (new EmptyMessage(MessageId.Accepted), 42, 1001),
        (new BeginSession { SessionNumber = 230 }, 1002, 0),
        (new ConfigureTreatment { DepthMicrometers = 500, DepthCapMicrometers = 1000, RateMillihertz = 60_000, SupervisorUnlock = 0, BurstStrokes = 0 }, 1003, 0),
        (new TreatmentAccepted { DepthMicrometers = 498, DepthCapMicrometers = 1000, RateMillihertz = 60_000, Token = 0x9C3A71E4, BurstStrokes = 0 }, 95, 1003),
        (new Arm { Token = 0x9C3A71E4 }, 1004, 0),
        (new EmptyMessage(MessageId.Start), 1005, 0),
        (new Rejected { Reason = (byte)RejectionReason.TriggerRequired, Detail = 0 }, 140, 1005),
        (new StatusReport
        {
            UptimeMilliseconds = 183_450, State = (byte)DeviceState.Running, Fault = 0,
            Inputs = Inputs.TriggerPressed | Inputs.CartridgeSeated | Inputs.SupplyGood | Inputs.WatchdogGood,
            Flags = StatusFlags.Homed | StatusFlags.NeedlesMoving | StatusFlags.LinkAlive, StagePositionMicrometers = 498, DepthMicrometers = 498,
            DepthCapMicrometers = 1000, RateMillihertz = 60_000, DrivenRateMillihertz = 60_000, MeasuredRateMillihertz = 59_870, StrokeCount = 1234,
            Token = 0x9C3A71E4, LatestEventNumber = 27, DroppedReports = 0, TickGaps = 0, DamagedFrames = 1, BurstStrokes = 0,
            Alarm = (byte)AlarmPriority.None, SessionNumber = 230,
        }, 311, 0),
        (new EventReport { Number = 27, UptimeMilliseconds = 181_930, Code = (ushort)EventCode.StateChanged, Argument1 = (int)DeviceState.Running, Argument2 = (int)DeviceState.Armed }, 280, 0),
        (new EmptyMessage(MessageId.Disarm), 1006, 0),
        (new EmptyMessage(MessageId.Stop), 1007, 0),
        (new ClearFault { Fault = (ushort)FaultCode.LinkLost }, 1008, 0),
        (new EmptyMessage(MessageId.StatusRequest), 1009, 0),
        (new EventsRequest { FirstNumber = 1 }, 1010, 0),
        (new EventsAvailable { OldestNumber = 1, LatestNumber = 27 }, 353, 1010),
        (new EmptyMessage(MessageId.TimeRequest), 1011, 0),
        (new TimeReport { UptimeMilliseconds = 183_462 }, 354, 1011),
        (new SettleCommand { CommandSequence = 1004, CommandId = (byte)MessageId.Arm }, 1012, 0),
        (new EmptyMessage(MessageId.SilenceAlarm), 1013, 0),
        (new EmptyMessage(MessageId.SelfTest), 1014, 0),
        (new EmptyMessage(MessageId.SelfTestRequest), 1015, 0),
        (new SelfTestReport { Failed = 0, Tested = 0x003F }, 358, 1015),
        (new EmptyMessage(MessageId.EnterService), 1016, 0),
        (new Jog { Micrometers = -250 }, 1017, 0),
        (new CalibrateZero { MeasuredMicrometers = -37 }, 1018, 0),
        (new EmptyMessage(MessageId.LeaveService), 1019, 0),
        (new WriteSettings { SerialNumber = 17, ZeroOffsetMicrometers = -37 }, 1020, 0),
        (new EmptyMessage(MessageId.SettingsRequest), 1021, 0),
        (new SettingsReport { GoodCopies = 2, SerialNumber = 17, ZeroOffsetMicrometers = -37, Writes = 3, Pending = 0 }, 364, 1021),
        (new EmptyMessage(MessageId.CountersRequest), 1022, 0),
        (new CountersReport { Strokes = 1_250_300, RunSeconds = 21_400, Starts = 96, Faults = 4 }, 365, 1022),
    ];

    private static readonly byte[] Reserved = [Framing.Flag, Framing.Escape, Framing.Stop, Framing.XOn, Framing.XOff];

    /// <summary>All of them, in the order of the message numbers.</summary>
    public static IEnumerable<JsonObject> Make() => AllMessages.Blank().OrderBy(message => message.Id).SelectMany(MakeAll);

    /// <summary>The message that a vector describes by its number and its fields.</summary>
    public static Message MessageOf(JsonObject vector)
    {
        MessageId id = (MessageId)(byte)vector["id"]!;
        Message message = AllMessages.Blank().Single(blank => blank.Id == id);
        foreach ((string name, JsonNode? value) in vector["fields"]!.AsObject())
        {
            FieldInfo field = message.GetType().GetField(name) ?? throw new InvalidOperationException($"{id} has no field {name} any more.");
            field.SetValue(message, Convert.ChangeType((long)value!, field.FieldType, CultureInfo.InvariantCulture));
        }

        return message;
    }

    private static IEnumerable<JsonObject> MakeAll(Message blank)
    {
        (Message typical, ushort sequence, ushort replyTo) = Typical.Single(one => one.Message.Id == blank.Id);
        yield return Vector("typical", typical, sequence, replyTo);
        if (blank is EmptyMessage)
        {
            yield return Vector("largest numbers", blank, ushort.MaxValue, ushort.MaxValue);
            yield return Vector("reserved bytes", blank, 0x7E7D, 0x1113);
            yield break;
        }

        yield return Vector("all 0", blank, 1, 0);
        yield return Vector("all largest", Filled(blank, (type, _) => Bound(type, "MaxValue")), ushort.MaxValue, ushort.MaxValue);
        Message smallest = Filled(blank, (type, _) => Bound(type, "MinValue"));
        if (AllMessages.ExpectedPayload(smallest).Any(value => value != 0))
        {
            yield return Vector("all smallest", smallest, 1, 0);
        }

        yield return Vector("every byte reserved", Filled(blank, ReservedBits), 0x7E7D, 0x1811);
        byte[] payload = AllMessages.ExpectedPayload(typical);
        if (blank.MinimumLength < payload.Length)
        {
            yield return Other("as 1.0 sends it", typical, sequence, replyTo, payload[..blank.MinimumLength]);
        }

        byte[] longer = [.. payload, 0xA5, 0x7E];
        yield return Other("as a later minor version may send it", typical, sequence, replyTo, longer[..Math.Min(longer.Length, Framing.MaximumPayloadLength)]);
    }

    private static Message Filled(Message blank, Func<Type, int, object> value)
    {
        Message message = AllMessages.BlankLike(blank);
        int offset = 0;
        foreach (FieldInfo field in AllMessages.FieldsOf(message))
        {
            object filling = value(field.FieldType, offset);
            field.SetValue(message, filling);
            offset += System.Runtime.InteropServices.Marshal.SizeOf(filling);
        }

        return message;
    }

    private static object Bound(Type type, string which) => type.GetField(which)!.GetRawConstantValue()!;

    private static object ReservedBits(Type type, int offset)
    {
        byte[] bytes = [.. Enumerable.Range(offset, 4).Select(at => Reserved[at % Reserved.Length])];
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Byte => bytes[0],
            TypeCode.UInt16 => BitConverter.ToUInt16(bytes),
            TypeCode.Int16 => BitConverter.ToInt16(bytes),
            TypeCode.UInt32 => BitConverter.ToUInt32(bytes),
            _ => BitConverter.ToInt32(bytes),
        };
    }

    private static JsonObject Vector(string name, Message message, ushort sequence, ushort replyTo) =>
        Describe(name, message, sequence, replyTo, AllMessages.ExpectedPayload(message), Line.Frame(message, sequence, replyTo));

    // What another minor version sends, in the fields that this one knows of it.
    private static JsonObject Other(string name, Message typical, ushort sequence, ushort replyTo, byte[] payload)
    {
        byte[] known = [.. payload, .. new byte[Framing.MaximumPayloadLength - payload.Length]];
        Message understood = AllMessages.BlankLike(typical);
        PayloadCursor cursor = new();
        cursor.StartReading(known, 0, known.Length);
        understood.Transfer(cursor);
        JsonObject vector = Describe(name, understood, sequence, replyTo, payload, Line.Frame(new RawMessage((byte)typical.Id, payload), sequence, replyTo));
        vector["readOnly"] = true;
        return vector;
    }

    private static JsonObject Describe(string name, Message message, ushort sequence, ushort replyTo, byte[] payload, byte[] frame)
    {
        byte[] covered = [(byte)message.Id, (byte)sequence, (byte)(sequence >> 8), (byte)replyTo, (byte)(replyTo >> 8), .. payload];
        JsonObject fields = [];
        foreach (FieldInfo field in AllMessages.FieldsOf(message))
        {
            fields[field.Name] = Convert.ToInt64(field.GetValue(message), CultureInfo.InvariantCulture);
        }

        return new JsonObject
        {
            ["name"] = $"{message.Id}: {name}",
            ["message"] = message.Id.ToString(),
            ["id"] = (byte)message.Id,
            ["sequence"] = sequence,
            ["replyTo"] = replyTo,
            ["fields"] = fields,
            ["payload"] = Convert.ToHexString(payload),
            ["crc"] = Convert.ToHexString(BitConverter.GetBytes(ReferenceDecoder.BitwiseCrc(covered))),
            ["frame"] = Convert.ToHexString(frame),
        };
    }
}
