using System.Globalization;

namespace Microneedling.Client.Tests;

/// <summary>Depth and stroke rate at their edges.</summary>
public class ValueTests
{
    [Theory]
    [InlineData(0.5, 500)]
    [InlineData(0.1 + 0.2, 300)]
    [InlineData(0.0004999, 0)]
    [InlineData(0.0005, 1)]
    [InlineData(-0.0005, -1)]
    [InlineData(1.4994999, 1499)]
    [InlineData(2.5, 2500)]
    [InlineData(-1.0, -1000)]
    [InlineData(1000.0, 1000000)]
    [InlineData(-1000.0, -1000000)]
    public void Depth_in_millimetres_becomes_the_nearest_micrometre(double millimeters, int micrometers) =>
        Assert.Equal(micrometers, Depth.FromMillimeters(millimeters).Micrometers);

    [Theory]
    [InlineData(10.0, 10000)]
    [InlineData(60.0005, 60001)]
    [InlineData(59.9994, 59999)]
    [InlineData(-1.0, -1000)]
    [InlineData(1000.0, 1000000)]
    public void Rate_in_strokes_per_second_becomes_the_nearest_millihertz(double strokesPerSecond, int millihertz) =>
        Assert.Equal(millihertz, StrokeRate.FromStrokesPerSecond(strokesPerSecond).Millihertz);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1000.0001)]
    [InlineData(-1000.0001)]
    [InlineData(double.MaxValue)]
    public void What_is_no_depth_and_no_rate_is_refused(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Depth.FromMillimeters(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => StrokeRate.FromStrokesPerSecond(value));
    }

    [Theory]
    [InlineData(500, "0.50 mm")]
    [InlineData(0, "0.00 mm")]
    [InlineData(-1000, "-1.00 mm")]
    [InlineData(-4, "0.00 mm")]
    [InlineData(498, "0.50 mm")]
    [InlineData(1234567, "1234.57 mm")]
    public void Depth_is_written_in_millimetres_with_two_decimals(int micrometers, string text) =>
        Assert.Equal(text, Depth.FromMicrometers(micrometers).ToString());

    [Theory]
    [InlineData(60000, "60.0 /s")]
    [InlineData(0, "0.0 /s")]
    [InlineData(99960, "100.0 /s")]
    [InlineData(-40, "0.0 /s")]
    public void Rate_is_written_in_strokes_per_second_with_one_decimal(int millihertz, string text) =>
        Assert.Equal(text, StrokeRate.FromMillihertz(millihertz).ToString());

    [Fact]
    public void Culture_of_the_thread_changes_nothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.NumberFormat.NegativeSign = "minus ";
        CultureInfo.CurrentCulture = odd;
        try
        {
            Assert.Equal("0,5", 0.5.ToString(CultureInfo.CurrentCulture));
            Assert.Equal("-0.50 mm", Depth.FromMillimeters(-0.5).ToString());
            Assert.Equal("60.5 /s", $"{StrokeRate.FromStrokesPerSecond(60.5)}");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Depths_are_ordered_from_shallow_to_deep()
    {
        Depth[] depths = [Depth.FromMicrometers(700), Depth.FromMicrometers(-1000), default, Depth.FromMicrometers(100)];
        Assert.Equal([-1000, 0, 100, 700], depths.Order().Select(depth => depth.Micrometers));
        AssertOrdered(Depth.FromMicrometers(1), Depth.FromMicrometers(2), (a, b) => a < b, (a, b) => a > b, (a, b) => a <= b, (a, b) => a >= b);
    }

    [Fact]
    public void Rates_are_ordered_from_slow_to_fast() => AssertOrdered(
        StrokeRate.FromMillihertz(1), StrokeRate.FromMillihertz(2), (a, b) => a < b, (a, b) => a > b, (a, b) => a <= b, (a, b) => a >= b);

    private static void AssertOrdered<T>(T small, T large, Func<T, T, bool> less, Func<T, T, bool> more, Func<T, T, bool> notMore, Func<T, T, bool> notLess)
    {
        Assert.Equal([true, false, false], new[] { less(small, large), less(large, small), less(small, small) });
        Assert.Equal([false, true, false], new[] { more(small, large), more(large, small), more(small, small) });
        Assert.Equal([true, false, true], new[] { notMore(small, large), notMore(large, small), notMore(small, small) });
        Assert.Equal([false, true, true], new[] { notLess(small, large), notLess(large, small), notLess(small, small) });
    }
}
