using Microneedling.Protocol;
using Microneedling.Testing.Conversations;
using Xunit.Abstractions;

namespace Microneedling.Client.Tests.Versions;

/// <summary>
/// Records a whole treatment in today's protocol. Where MICRONEEDLING_RECORD names a directory (shared/vectors/conversations),
/// the recording is written there, as the last deed of a version before the next one begins.
/// </summary>
public class RecordingTests(ITestOutputHelper output)
{
    private const string DirectoryVariable = "MICRONEEDLING_RECORD";

    [Fact]
    public void Todays_treatment_is_recorded_whole_and_can_be_read_again()
    {
        string text = WholeTreatment.Record();
        Conversation conversation = Conversation.Parse(text);
        HashSet<byte> spoken = [.. conversation.Frames.Select(line => conversation.Read(line.Bytes).Id)];
        Assert.Superset(Enum.GetValues<MessageId>().Where(id => id != MessageId.None).Select(id => (byte)id).ToHashSet(), spoken);
        Assert.Contains(conversation.Lines, line => line.Kind == LineKind.Host && line.Bytes is [Framing.Stop]);
        Assert.Contains(conversation.Lines, line => line.Kind == LineKind.Truth && BenchTruth.Parse(line.Words).StrokesOut >= 40);
        Assert.All(conversation.Frames, line => Assert.NotEqual("", line.Words));

        if (Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } directory)
        {
            string path = Path.Combine(directory, $"{ProtocolVersion.Major}.{ProtocolVersion.Minor}-treatment.txt");
            File.WriteAllText(path, text);
            output.WriteLine($"Recorded: {path}");
        }
    }
}
