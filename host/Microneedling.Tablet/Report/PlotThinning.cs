namespace Microneedling.Tablet.Report;

/// <summary>One time of a session's plot; see <see cref="SessionTimeline"/>.</summary>
public readonly record struct PlotPoint(double Seconds, int? StagePositionMicrometers, int? ActiveDepthMicrometers, int DrivenRateMillihertz, int MeasuredRateMillihertz);

/// <summary>
/// Keeps of many points what a plot can show: of each column of time the first and the last, the least and the greatest of
/// every line, and both sides of every gap. So a peak is never lost, and hours cost no more than minutes. Points come in
/// the order of their time; only one column of them is held.
/// </summary>
/// <param name="columnSeconds">How wide a column is; not above 0: everything is one column.</param>
public sealed class PlotThinning(double columnSeconds)
{
    /// <summary>So many points of a column are simply all kept.</summary>
    private const int Few = 4;

    private static readonly Func<PlotPoint, int?>[] Lines =
    [
        point => point.StagePositionMicrometers, point => point.ActiveDepthMicrometers, point => point.DrivenRateMillihertz, point => point.MeasuredRateMillihertz,
    ];

    private readonly List<PlotPoint> _kept = [];
    private readonly List<PlotPoint> _column = [];
    private bool[] _isKept = [];
    private long _number = long.MinValue;

    /// <summary>The next point.</summary>
    public void Add(PlotPoint point)
    {
        long number = columnSeconds > 0 ? (long)(point.Seconds / columnSeconds) : 0;
        if (number != _number)
        {
            Close();
            _number = number;
        }

        _column.Add(point);
    }

    /// <summary>Everything kept, after the last point.</summary>
    public IReadOnlyList<PlotPoint> End()
    {
        Close();
        return _kept;
    }

    private void Close()
    {
        if (_column.Count <= Few)
        {
            _kept.AddRange(_column);
        }
        else
        {
            if (_isKept.Length < _column.Count)
            {
                _isKept = new bool[2 * _column.Count];
            }

            Array.Clear(_isKept);
            _isKept[0] = _isKept[_column.Count - 1] = true;
            foreach (var line in Lines)
            {
                MarkWhatShows(line);
            }

            for (int index = 0; index < _column.Count; index++)
            {
                if (_isKept[index])
                {
                    _kept.Add(_column[index]);
                }
            }
        }

        _column.Clear();
    }

    private void MarkWhatShows(Func<PlotPoint, int?> line)
    {
        int? earlier = line(_column[0]);
        var (least, leastAt, most, mostAt) = (earlier, 0, earlier, 0);
        for (int index = 1; index < _column.Count; index++)
        {
            int? value = line(_column[index]);
            if (value is null != earlier is null)
            {
                _isKept[index - 1] = _isKept[index] = true;
            }

            if (least is null || value < least)
            {
                (least, leastAt) = (value, index);
            }

            if (most is null || value > most)
            {
                (most, mostAt) = (value, index);
            }

            earlier = value;
        }

        _isKept[leastAt] = _isKept[mostAt] = true;
    }
}
