// The device's numbers in the person's language. English comes from the driver's own words (DeviceWords), which every host
// shares; another language has the same in Texts/LANGUAGE/words.json, keyed by code. What has no words there is said in
// English rather than not at all.

using System.Globalization;
using Microneedling.Client;
using Microneedling.Protocol;

namespace Microneedling.Tablet.Words;

/// <summary>Words of the device, by language.</summary>
public static class DeviceTexts
{
    /// <summary>A state.</summary>
    public static string Of(this Texts texts, DeviceState state) => texts.Find($"words.state-{state}") ?? DeviceWords.Of(state);

    /// <summary>A fault in a few words.</summary>
    public static string TitleOf(this Texts texts, FaultCode fault) => texts.Find($"faults.{(int)fault}-title") ?? texts["faults.unknown-title", (int)fault];

    /// <summary>Why a fault came, as far as it is known.</summary>
    public static string CauseOf(this Texts texts, FaultCode fault) => texts.Find($"faults.{(int)fault}-cause") ?? texts["faults.unknown-cause", (int)fault];

    /// <summary>What to do about a fault.</summary>
    public static string NextStepOf(this Texts texts, FaultCode fault) => texts.Find($"faults.{(int)fault}-next") ?? texts["faults.unknown-next", (int)fault];

    /// <summary>What is true of the link.</summary>
    public static string Of(this Texts texts, LinkReport link) =>
        texts.Find($"words.link-{link.State}") is { } words ? string.Format(CultureInfo.InvariantCulture, words, link.Words) : link.Words;

    /// <summary>What a device did not do, or the way to it.</summary>
    public static string Of(this Texts texts, DeviceException problem) => problem switch
    {
        RejectedException refusal => texts.Find($"words.rejection-{refusal.Reason}") is { } words ? Fill(texts, words, refusal.Detail, 0) : refusal.Message,
        FaultedException faulted => $"{texts.TitleOf(faulted.Fault)}. {texts.NextStepOf(faulted.Fault)}",
        _ => texts.Find("words.linkProblem") is { } words ? string.Format(CultureInfo.InvariantCulture, words, problem.Message) : problem.Message,
    };

    /// <summary>An entry of the device's log.</summary>
    public static string Of(this Texts texts, DeviceLogEntry entry) => entry switch
    {
        DeviceEvent happened => (texts.Find($"words.event-{happened.Code}-{happened.Argument1}") ?? texts.Find($"words.event-{happened.Code}")) is { } words
            ? Fill(texts, words, happened.Argument1, happened.Argument2)
            : DeviceWords.Of(entry),
        MissingEvents missing => texts.Find("words.missing") is { } words
            ? string.Format(CultureInfo.InvariantCulture, words, missing.FirstNumber, missing.LastNumber)
            : DeviceWords.Of(entry),
        DeviceRestarted => texts["faults.restarted"],
        _ => DeviceWords.Of(entry),
    };

    /// <summary>
    /// Puts the two numbers of a refusal or event into its words, as {0} and {1} and as what they may stand for: {2}, {3}
    /// millimetres; {4}, {5} strokes a second; {6} seconds; {7} minutes; {8}, {9} states; {10} a fault.
    /// </summary>
    private static string Fill(Texts texts, string words, int first, int second) => string.Format(
        CultureInfo.InvariantCulture,
        words,
        (uint)first,
        (uint)second,
        (first / 1000.0).ToString("0.000", CultureInfo.InvariantCulture) + " mm",
        (second / 1000.0).ToString("0.000", CultureInfo.InvariantCulture) + " mm",
        (first / 1000.0).ToString("0.0", CultureInfo.InvariantCulture) + " /s",
        (second / 1000.0).ToString("0.0", CultureInfo.InvariantCulture) + " /s",
        first / 1000,
        first / 60000,
        texts.Of((DeviceState)first),
        texts.Of((DeviceState)second),
        texts.TitleOf((FaultCode)first));
}
