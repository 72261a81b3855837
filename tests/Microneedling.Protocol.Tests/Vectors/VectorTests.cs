using System.Text.Json.Nodes;

namespace Microneedling.Protocol.Tests.Vectors;

/// <summary>The golden vectors in shared/vectors are what this code writes and how it reads.</summary>
public class VectorTests
{
    public static TheoryData<string> Messages => [.. MessageVectors.File.Read().Select(vector => (string)vector["name"]!)];

    public static TheoryData<string> Streams => [.. StreamVectors.File.Read().Select(vector => (string)vector["name"]!)];

    [Fact]
    public void Every_message_is_written_as_its_vectors_say() => MessageVectors.File.AssertHas(MessageVectors.About, MessageVectors.Make());

    [Fact]
    public void Every_stretch_of_a_line_is_read_as_its_vector_says() => StreamVectors.File.AssertHas(StreamVectors.About, StreamVectors.Make());

    [Fact]
    public void Every_crc_is_the_one_of_its_vector() => CrcVectors.File.AssertHas(CrcVectors.About, CrcVectors.Make());

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_made_from_the_fields_of_a_vector_is_its_frame_and_read_back_gives_its_fields(string name)
    {
        JsonObject vector = MessageVectors.File.Read().Single(one => (string)one["name"]! == name);
        Message message = MessageVectors.MessageOf(vector);
        ushort sequence = (ushort)vector["sequence"]!;
        ushort replyTo = (ushort)vector["replyTo"]!;
        byte[] frame = Convert.FromHexString((string)vector["frame"]!);
        if (vector["readOnly"] is null)
        {
            Assert.Equal(frame, Line.Frame(message, sequence, replyTo));
        }

        Assert.Equal([new Received((byte)message.Id, sequence, replyTo, (string)vector["payload"]!)], Line.Decode(frame));
        FrameDecoder decoder = new();
        DecodeResult last = DecodeResult.None;
        foreach (byte value in frame)
        {
            last = decoder.Push(value);
        }

        Assert.Equal(DecodeResult.Frame, last);
        Message read = AllMessages.BlankLike(message);
        Assert.True(decoder.TryRead(read));
        Assert.Equal(AllMessages.Describe(message), AllMessages.Describe(read));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stretch_of_a_line_gives_the_results_of_its_vector_by_either_decoder(string name)
    {
        JsonObject vector = StreamVectors.File.Read().Single(one => (string)one["name"]! == name);
        byte[] bytes = Convert.FromHexString((string)vector["bytes"]!);
        string[] golden = [.. vector["results"]!.AsArray().Select(result => result!.ToJsonString())];
        Assert.Equal(golden, Texts(Line.Decode(bytes)));
        (List<object> reference, int stops) = ReferenceDecoder.Decode(bytes);
        Assert.Equal(golden.Where(result => result != "\"stop\""), Texts(reference));
        Assert.Equal(golden.Count(result => result == "\"stop\""), stops);
    }

    private static IEnumerable<string> Texts(IEnumerable<object> results) => StreamVectors.Describe(results).Select(result => result!.ToJsonString());

    [Fact]
    public void Vectors_hold_every_message_and_every_name_once()
    {
        IReadOnlyList<JsonObject> vectors = MessageVectors.File.Read();
        Assert.Equal(Enum.GetValues<MessageId>().Except([MessageId.None]).Select(id => (int)id).Order(), vectors.Select(vector => (int)vector["id"]!).Distinct().Order());
        string[] names = [.. vectors.Concat(StreamVectors.File.Read()).Select(vector => (string)vector["name"]!)];
        Assert.Equal(names.Distinct(), names);
    }
}
