// What a plot gets of a session: with few points all of them, with many as much as it can show, and never less of what matters.

using Microneedling.Client;
using Microneedling.Protocol;
using Microneedling.Sessions;
using Microneedling.Tablet.Report;

namespace Microneedling.Tablet.Tests;

public sealed class TimelineTests
{
    private const int Columns = 100;

    /// <summary>So many that nothing is left out.</summary>
    private const int All = 1_000_000;

    private static readonly DateTimeOffset Begin = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Fact]
    public void Few_points_to_a_column_are_all_kept() => Assert.Equal(4 * Columns, Timeline(Made(4 * Columns, index => index), Columns).Seconds.Count);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Of_many_points_every_column_keeps_the_extremes_of_every_line_and_both_sides_of_every_gap(int seed)
    {
        var random = new Random(seed);
        bool isHomed = true;
        CurvePoint[] curve = Made(20_000, index => random.Next(-1000, 2500), _ => (isHomed = random.Next(50) == 0 ? !isHomed : isHomed) ? StatusFlags.Homed : (byte)0);
        var whole = Timeline(curve, All);
        var thinned = Timeline(curve, Columns);

        Assert.Equal(20_000, whole.Seconds.Count);
        Assert.True(thinned.Seconds.Count < whole.Seconds.Count / 4, $"{thinned.Seconds.Count} points were kept.");
        Assert.Equal(thinned.Seconds.Order().Distinct(), thinned.Seconds);
        Assert.Equal((whole.Seconds[0], whole.Seconds[^1]), (thinned.Seconds[0], thinned.Seconds[^1]));
        for (int column = 0; column < Columns; column++)
        {
            Assert.Equal(Extremes(whole, column), Extremes(thinned, column));
        }

        Assert.Equal(Changes(whole), Changes(thinned));
    }

    [Fact]
    public void A_single_peak_in_an_hour_is_kept()
    {
        var thinned = Timeline(Made(72_000, index => index == 43_210 ? 2500 : 500), 1280);

        Assert.Equal(43_210 * 0.05, thinned.Seconds[thinned.StagePositionMicrometers.ToList().IndexOf(2500)], 1e-9);
        Assert.InRange(thinned.Seconds.Count, 1280, 1280 * 6);
    }

    [Fact]
    public void A_part_has_the_points_between_and_one_on_either_side()
    {
        Assert.Equal([0.95, 1, 1.05, 1.1, 1.15], Part(1, 1.1));
        Assert.Equal([1, 1.05], Part(1.01, 1.02));
        Assert.Equal(100, Part(double.NegativeInfinity, double.PositiveInfinity).Count);
        Assert.Empty(Part(100, 200));
        Assert.Equal([0], Part(-5, -4));
        Assert.True(Part(double.NaN, double.NaN).Count <= 100);
        Assert.True(Part(2, 1).Count <= 2);

        static IReadOnlyList<double> Part(double from, double to) => Timeline(Made(100, index => index), All, from, to).Seconds;
    }

    [Fact]
    public void Detail_of_a_part_is_as_fine_as_a_plot_can_show()
    {
        var curve = Made(72_000, index => index % 997);

        Assert.Equal([.. Timeline(curve, All).Seconds.Where(second => second is >= 1000 and <= 1040)], Timeline(curve, 1280, 1000, 1040).Seconds.Where(second => second is >= 1000 and <= 1040));
    }

    [Fact]
    public void All_at_one_moment_and_nothing_at_all_can_be_thinned()
    {
        Assert.InRange(Timeline(Made(1000, _ => 7, milliseconds: 0), 10).Seconds.Count, 2, 10);
        Assert.Empty(Timeline([], 10).Seconds);
    }

    private static CurvePoint[] Made(int count, Func<int, int> depth, Func<int, byte>? flags = null, int milliseconds = 50) =>
    [
        .. Enumerable.Range(0, count).Select(index => new CurvePoint(
            Begin.AddMilliseconds(index * milliseconds), 5000 + (index * milliseconds), flags?.Invoke(index) ?? StatusFlags.Homed, depth(index), 500, 60_000, 60_000 + (index % 7))),
    ];

    private static SessionTimeline Timeline(CurvePoint[] curve, int columns, double from = double.NegativeInfinity, double to = double.PositiveInfinity) => SessionTimeline.Of(
        new SessionOverview(
            new SessionSummary(1, Begin, Begin.AddHours(2), 1, "1.0.0", SessionOutcome.Completed, 0, Depth.FromMicrometers(500), StrokeRate.FromMillihertz(60_000), true),
            [], [], [], StatusAt(curve.FirstOrDefault()), StatusAt(curve.LastOrDefault())),
        curve,
        columns,
        from,
        to);

    private static TelemetryPoint StatusAt(CurvePoint point) => new(
        point.ReceivedAt, TimeSpan.Zero, DeviceState.Running, FaultCode.None, 0, point.Flags, Depth.FromMicrometers(0), Depth.FromMicrometers(0), StrokeRate.FromMillihertz(0), StrokeRate.FromMillihertz(0), 0);

    private static (int? Least, int? Most, int LeastRate, int MostRate) Extremes(SessionTimeline timeline, int column)
    {
        double width = timeline.Seconds[^1] / Columns;
        int[] within = [.. Enumerable.Range(0, timeline.Seconds.Count).Where(index => (int)Math.Min(timeline.Seconds[index] / width, Columns - 1) == column)];
        return (
            within.Min(index => timeline.StagePositionMicrometers[index]), within.Max(index => timeline.StagePositionMicrometers[index]),
            within.Min(index => timeline.MeasuredRateMillihertz[index]), within.Max(index => timeline.MeasuredRateMillihertz[index]));
    }

    /// <summary>Where a line begins or ends.</summary>
    private static List<(double, bool)> Changes(SessionTimeline timeline) =>
    [
        .. Enumerable.Range(1, timeline.Seconds.Count - 1)
            .Where(index => timeline.StagePositionMicrometers[index] is null != timeline.StagePositionMicrometers[index - 1] is null)
            .Select(index => (timeline.Seconds[index], timeline.StagePositionMicrometers[index] is null)),
    ];
}
