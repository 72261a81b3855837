using System.Globalization;
using Microneedling.Protocol;

namespace Microneedling.Client.Inspection;

/// <summary>One direction of a line, as lines of text: frames decoded, what is damaged as its bytes, STOP where it came.</summary>
internal sealed class TraceLines(char direction)
{
    private const int MostBytesShown = Framing.MaximumFrameLength;

    private readonly FrameDecoder decoder = new();
    private readonly byte[] bytes = new byte[MostBytesShown];
    private int count;

    /// <summary>Takes in bytes and gives the lines that they close.</summary>
    /// <param name="at">When they came.</param>
    /// <param name="received">The bytes.</param>
    /// <param name="write">Gets a line.</param>
    public void Take(TimeSpan at, ReadOnlySpan<byte> received, Action<string> write)
    {
        foreach (byte value in received)
        {
            switch (decoder.Push(value))
            {
                case DecodeResult.Stop:
                    write(Line(at, "STOP"));
                    break;
                case DecodeResult.Frame:
                    count = 0;
                    write(Line(at, FrameText.Of(decoder)));
                    break;
                case DecodeResult.Damaged:
                    WriteBytes(at, "damaged", write);
                    break;
                default:
                    Keep(value, at, write);
                    break;
            }
        }
    }

    /// <summary>Nothing follows: gives what has begun and not ended.</summary>
    public void End(TimeSpan at, Action<string> write) => WriteBytes(at, "unfinished", write);

    // A flag that closes nothing opens: what is kept then stood outside of any frame.
    private void Keep(byte value, TimeSpan at, Action<string> write)
    {
        if (value == Framing.Flag)
        {
            WriteBytes(at, "outside a frame", write);
            return;
        }

        if (count < MostBytesShown)
        {
            bytes[count] = value;
        }

        count++;
    }

    private void WriteBytes(TimeSpan at, string what, Action<string> write)
    {
        if (count > 0)
        {
            int shown = Math.Min(count, MostBytesShown);
            string rest = count > shown ? " …" : "";
            write(Line(at, string.Create(CultureInfo.InvariantCulture, $"{what} {count} bytes: {FrameText.Hex(bytes.AsSpan(0, shown))}{rest}")));
        }

        count = 0;
    }

    private string Line(TimeSpan at, string text) => string.Create(CultureInfo.InvariantCulture, $"{at.TotalMilliseconds,10:0.0} {direction} {text}");
}
