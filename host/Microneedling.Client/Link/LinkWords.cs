using Microneedling.Protocol;

namespace Microneedling.Client.Link;

/// <summary>Why a link ended. Everyone who waited gets an exception of his own.</summary>
internal sealed record LinkLoss(string Message, bool IsTransient, Exception? Cause = null)
{
    public LinkException ToException() => new(Message, IsTransient, Cause);
}

/// <summary>What went wrong on the way to the device, in words: what is known, what is not, and what to do.</summary>
internal static class LinkWords
{
    private const string StopsByItself = "Without this program the device stops by itself within half a second.";

    public static LinkException NoDevice() =>
        new("No device answered. Check that it is switched on, that the cable is in and that the address is right.", isTransient: true);

    public static LinkException NeverSent(MessageId command) =>
        new($"The connection is stuck: {Name(command)} was not sent, so it has not been done. Check the cable, then connect again.", isTransient: true) { IsKnownUndone = true };

    public static LinkException NoAnswer(MessageId question) =>
        new($"The device did not answer {Name(question)}. Check the cable, then try again.", isTransient: true);

    public static LinkException NotConnected(string why) =>
        new($"The device is not connected. {why}", isTransient: true) { IsKnownUndone = true };

    public static LinkException NotDone(MessageId command) =>
        new($"{Name(command)} did not reach the device in time: it has not been done and will not be. Try again.", isTransient: true) { IsKnownUndone = true };

    public static LinkException Unsettled(MessageId command) =>
        new($"The device no longer knows what became of {Name(command)}. Look at the device's status before going on.", isTransient: true);

    public static LinkException LostBeforeSent(MessageId command, LinkLoss loss) =>
        new($"{loss.Message} ({Name(command)} was not sent, so it has not been done.)", loss.IsTransient, loss.Cause) { IsKnownUndone = true };

    public static LinkException StopNotConfirmed(DeviceException why) =>
        new($"The device has not confirmed the stop. Release the trigger; if the needles still move, press the emergency stop. ({why.Message})", why is LinkException { IsTransient: true }, why);

    public static LinkException MoreThanAsked(AcceptedTreatment accepted, TreatmentRequest request) =>
        new($"The device answered with {accepted.Depth} (cap {accepted.DepthCap}) at {accepted.Rate}, {Press(accepted.BurstStrokes)}, which is more than the {request.Depth} (cap {request.DepthCap}) at {request.Rate}, {Press(request.BurstStrokes)}, asked for. Do not treat; have the device checked.", isTransient: false);

    public static StoppedException Overtaken(Command command) => command.TimesSent == 0
        ? new($"The device is being stopped: {Name(command.Message.Id)} was not sent.")
        : new($"The device was stopped while {Name(command.Message.Id)} was under way. Whether it was done before is not known; the stop came after it, and it will not be done any more.");

    public static StoppedException BeingStopped(MessageId command) => new($"The device is being stopped: {Name(command)} was not sent. Try again when it has stopped.");

    public static LinkLoss Broken(string transport, Exception? cause) =>
        new($"The connection to the device ({transport}) broke. {StopsByItself} Check the cable, then connect again.", IsTransient: true, cause);

    public static LinkLoss Silent(TimeSpan silence) =>
        new($"Nothing has been heard of the device for {silence.TotalSeconds:0} s. {StopsByItself} Check the cable, then connect again.", IsTransient: true);

    public static LinkLoss Unheard(TimeSpan span) =>
        new($"The device has not heard this program for {span.TotalSeconds:0} s, though it is heard itself. {StopsByItself} Check the cable, then connect again and look at the device.", IsTransient: true);

    public static LinkLoss ProgramHangs() =>
        new($"This program did not get on for 2 s, so it let go of the device. {StopsByItself} Start the program again if this happens often.", IsTransient: true);

    public static LinkLoss TakenOver() =>
        new("Another program has connected to the device, which now obeys that one. Close one of the two.", IsTransient: true);

    public static LinkLoss CannotSettle(MessageId command) =>
        new($"The device is heard but did not answer {Name(command)}, nor the question what became of it. Whether it was done is not known. {StopsByItself} Check the cable; look at the device before going on.", IsTransient: true);

    public static LinkLoss OutOfStep() =>
        new("The device and this program do not count their commands alike any more. Connect again, and look at the device's status before going on.", IsTransient: true);

    public static LinkException NeverReady() =>
        new("The device answered the greeting, but its status and events could not be read. Check the cable, then connect again.", isTransient: true);

    public static LinkLoss Restarted() => new("The device has restarted. Connect again and home it.", IsTransient: true);

    public static LinkLoss ClosedHere { get; } = new("This program has closed the connection to the device.", IsTransient: false);

    public static string Of(Hearing hearing) => hearing switch
    {
        Hearing.Silent => "Nothing has been heard of the device for a moment: what is shown may be old.",
        Hearing.Unheard => "The device does not hear this program: commands may not reach it.",
        Hearing.Noisy => "The connection is disturbed: check the cable and its plugs.",
        _ => "Connected to the device.",
    };

    private static string Press(int burstStrokes) => burstStrokes == 0 ? "no burst" : $"bursts of {burstStrokes}";

    private static string Name(MessageId message) => message switch
    {
        MessageId.Home => "'home'",
        MessageId.ConfigureTreatment => "'set the treatment'",
        MessageId.Arm => "'arm'",
        MessageId.Disarm => "'disarm'",
        MessageId.Stop => "'stop'",
        MessageId.ClearFault => "'acknowledge the fault'",
        MessageId.Start => "'start'",
        MessageId.BeginSession => "'begin the session'",
        MessageId.EnterService => "'begin service'",
        MessageId.LeaveService => "'end service'",
        MessageId.Jog => "'jog'",
        MessageId.CalibrateZero => "'calibrate the zero'",
        MessageId.WriteSettings => "'write the settings'",
        MessageId.SilenceAlarm => "'silence the alarm'",
        MessageId.SelfTest => "'test yourself'",
        MessageId.StatusRequest => "the question for its status",
        MessageId.EventsRequest => "the question for its events",
        MessageId.SettingsRequest => "the question for its settings",
        MessageId.CountersRequest => "the question for its life counters",
        MessageId.SelfTestRequest => "the question for its self test",
        _ => $"message {(byte)message:X2}",
    };
}
