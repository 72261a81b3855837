namespace Microneedling.Benchmarks.Tablet;

/// <summary>Whether something grows: the median of the slopes between all pairs of looks, which single outliers do not move.</summary>
public static class Growth
{
    /// <summary>Growth per hour.</summary>
    /// <param name="looks">At least two, at different times.</param>
    public static double PerHour(IReadOnlyList<(TimeSpan At, double Value)> looks)
    {
        ArgumentNullException.ThrowIfNull(looks);
        ArgumentOutOfRangeException.ThrowIfLessThan(looks.Count, 2);
        List<double> slopes = [];
        for (int i = 0; i < looks.Count; i++)
        {
            for (int j = i + 1; j < looks.Count; j++)
            {
                slopes.Add((looks[j].Value - looks[i].Value) / (looks[j].At - looks[i].At).TotalHours);
            }
        }

        slopes.Sort();
        int middle = slopes.Count / 2;
        return slopes.Count % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2;
    }
}
