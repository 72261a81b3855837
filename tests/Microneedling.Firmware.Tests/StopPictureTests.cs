using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microneedling.Protocol;
using Xunit.Abstractions;

namespace Microneedling.Firmware.Tests;

/// <summary>
/// The picture of a STOP in the documents, drawn from the simulated board's physics. It must be what a run shows today;
/// MICRONEEDLING_UPDATE_PICTURES=1 draws it anew.
/// </summary>
public sealed class StopPictureTests(ITestOutputHelper output)
{
    private const double BeforeSeconds = 0.25;
    private const double AfterSeconds = 1.75;
    private const int Left = 60;
    private const int Top = 34;
    private const int Width = 840;
    private const int Height = 300;
    private const double DeepestMicrometers = 2600;
    private const double HighestMicrometers = -2200;

    private static string PathOf([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "hardware-docs", "images", "stop.svg");

    [Fact]
    public void The_picture_of_a_stop_shows_what_a_stop_does()
    {
        using var rig = Treating.Running(output, 2500, 100000, 2500, 1);
        rig.RunFor(TimeSpan.FromSeconds(1));
        var samples = new List<(double Seconds, double Tip, double Stage)>();
        long stopAt = rig.NowMicroseconds + (long)(BeforeSeconds * 1e6);
        using (rig.Board.Watch(1000, board => samples.Add(((board.NowMicroseconds - stopAt) / 1e6, board.Bench.TipMicrometers, board.Bench.StageMicrometers))))
        {
            rig.RunFor(TimeSpan.FromSeconds(BeforeSeconds));
            rig.SendRaw(Framing.Stop);
            rig.RunFor(TimeSpan.FromMilliseconds(100));
            double cut = (rig.Bench.LastNeedlePulseMicroseconds!.Value - stopAt) / 1e6;
            rig.RunFor(TimeSpan.FromSeconds(AfterSeconds - 0.1));
            double behind = samples.First(sample => sample.Seconds > 0 && sample.Stage <= 0).Seconds;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Pulses cut after {cut * 1000:0.0} ms, stage behind the nosecone after {behind:0.000} s."));
            Assert.InRange(cut, 0, 0.025);
            Assert.InRange(behind, 0, Limits.StopRetractMilliseconds / 1000.0);

            string picture = Draw(samples, cut, behind);
            if (Environment.GetEnvironmentVariable("MICRONEEDLING_UPDATE_PICTURES") == "1")
            {
                File.WriteAllText(PathOf(), picture);
            }

            Assert.True(Words(File.ReadAllText(PathOf())) == Words(picture), "hardware-docs/images/stop.svg is not what a run shows. Look at it again with MICRONEEDLING_UPDATE_PICTURES=1.");
        }
    }

    // Its figures must be right to the digit; a curve may be off by less than one sees.
    private static string Words(string picture) => string.Join('\n', picture.Split('\n').Where(line => !line.StartsWith("<polyline", StringComparison.Ordinal)));

    private static string Draw(List<(double Seconds, double Tip, double Stage)> samples, double cut, double behind)
    {
        var svg = new StringBuilder();
        void Line(FormattableString text) => svg.Append(FormattableString.Invariant(text)).Append('\n');
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Width + 20} {Top + Height + 50}\" font-family=\"sans-serif\" font-size=\"13\">");
        Line($"<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        Line($"<text x=\"{Left}\" y=\"20\" font-size=\"15\">STOP at 2.5 mm and 100 strokes/s: where the needle tips are</text>");
        Line($"<rect x=\"{Left}\" y=\"{Y(0):0.#}\" width=\"{Width}\" height=\"{Y(DeepestMicrometers) - Y(0):0.#}\" fill=\"#fbe9e7\"/>");
        for (int millimeters = -2; millimeters <= 2; millimeters++)
        {
            Line($"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{Y(millimeters * 1000):0.#}\" y2=\"{Y(millimeters * 1000):0.#}\" stroke=\"{(millimeters == 0 ? "#333" : "#e0e0e0")}\"/>");
            Line($"<text x=\"{Left - 8}\" y=\"{Y(millimeters * 1000) + 4:0.#}\" text-anchor=\"end\">{millimeters} mm</text>");
        }

        for (int tenths = 0; tenths <= 17; tenths += 5)
        {
            Line($"<text x=\"{X(tenths / 10.0):0.#}\" y=\"{Top + Height + 18}\" text-anchor=\"middle\">{tenths / 10.0:0.0} s</text>");
        }

        Line($"<text x=\"{Left + Width}\" y=\"{Y(0) - 5:0.#}\" text-anchor=\"end\" fill=\"#333\">nosecone</text>");
        Line($"<polyline fill=\"none\" stroke=\"#1565c0\" stroke-width=\"0.8\" points=\"{Points(samples.Select(sample => (sample.Seconds, sample.Tip)))}\"/>");
        Line($"<polyline fill=\"none\" stroke=\"#c62828\" stroke-width=\"2\" points=\"{Points(samples.Where((_, i) => i % 10 == 0).Select(sample => (sample.Seconds, sample.Stage)))}\"/>");
        Mark(0, "STOP byte", "start");
        Mark(behind, $"behind the nosecone at any cam angle: {Math.Round(behind, 2) * 1000:0} ms", "end");
        Line($"<text x=\"{X(cut) + 6:0.#}\" y=\"{Top + 29}\" fill=\"#1565c0\">last pulse: {cut * 1000:0.0} ms</text>");
        Line($"<text x=\"{Left}\" y=\"{Top + Height + 40}\" fill=\"#1565c0\">blue: needle tips</text>");
        Line($"<text x=\"{Left + 130}\" y=\"{Top + Height + 40}\" fill=\"#c62828\">red: depth stage, the deepest point of a stroke</text>");
        svg.Append("</svg>\n");
        return svg.ToString();

        void Mark(double seconds, string text, string anchor)
        {
            Line($"<line x1=\"{X(seconds):0.#}\" x2=\"{X(seconds):0.#}\" y1=\"{Top}\" y2=\"{Top + Height}\" stroke=\"#333\" stroke-dasharray=\"4 3\"/>");
            Line($"<text x=\"{X(seconds) + (anchor == "end" ? -6 : 6):0.#}\" y=\"{Top + 12}\" text-anchor=\"{anchor}\">{text}</text>");
        }
    }

    private static string Points(IEnumerable<(double Seconds, double Micrometers)> points) =>
        string.Join(' ', points.Select(point => FormattableString.Invariant($"{X(point.Seconds):0.0},{Y(point.Micrometers):0.0}")));

    private static double X(double seconds) => Left + ((seconds + BeforeSeconds) / (BeforeSeconds + AfterSeconds) * Width);

    private static double Y(double micrometers) => Top + ((micrometers - HighestMicrometers) / (DeepestMicrometers - HighestMicrometers) * Height);
}
