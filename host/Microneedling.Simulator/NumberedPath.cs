using System.Globalization;

namespace Microneedling.Simulator;

/// <summary>
/// One path for each of several devices. A number at the name's end counts up: <c>port0</c>, <c>port1</c>, …; a name
/// without one gets the devices' numbers, unless there is but one device: <c>port1</c>, <c>port2</c>, …
/// </summary>
internal static class NumberedPath
{
    /// <summary>The full path for one of the devices; an extension stays at the end, and leading zeros keep the width.</summary>
    /// <param name="path">The first device's path.</param>
    /// <param name="index">0 for the first device.</param>
    /// <param name="count">How many devices there are.</param>
    internal static string Of(string path, int index, int count)
    {
        string extension = Path.GetExtension(path);
        string stem = path[..^extension.Length];
        string name = stem.TrimEnd(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        string digits = stem[name.Length..];
        string number =
            long.TryParse(digits, CultureInfo.InvariantCulture, out long first)
                ? (first + index).ToString($"D{digits.Length}", CultureInfo.InvariantCulture)
            : count > 1 ? $"{digits}{index + 1}"
            : digits;
        return Path.GetFullPath($"{name}{number}{extension}");
    }
}
