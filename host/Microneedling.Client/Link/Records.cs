using Microneedling.Protocol;

namespace Microneedling.Client.Link;

/// <summary>Messages into the records that callers see: numbers get their units.</summary>
internal static class Records
{
    public static DeviceIdentity From(HelloReply hello) => new(
        hello.SerialNumber,
        hello.BootId,
        new Version(hello.FirmwareMajor, hello.FirmwareMinor, hello.FirmwarePatch),
        new Version(hello.ProtocolMajor, hello.ProtocolMinor),
        new DeviceLimits(
            Depth.FromMicrometers(hello.MinimumDepthMicrometers),
            Depth.FromMicrometers(hello.UnsupervisedDepthMicrometers),
            Depth.FromMicrometers(hello.AbsoluteDepthMicrometers),
            Rate(hello.MinimumRateMillihertz),
            Rate(hello.MaximumRateMillihertz),
            TimeSpan.FromMilliseconds(hello.LinkTimeoutMilliseconds)),
        (DeviceCapabilities)hello.Capabilities);

    public static DeviceStatus From(StatusReport report, TimeSpan deviceTime, DateTimeOffset receivedAt) => new(
        receivedAt,
        deviceTime,
        (DeviceState)report.State,
        (FaultCode)report.Fault,
        report.Inputs,
        report.Flags,
        Depth.FromMicrometers(report.StagePositionMicrometers),
        Depth.FromMicrometers(report.DepthMicrometers),
        Depth.FromMicrometers(report.DepthCapMicrometers),
        Rate(report.RateMillihertz),
        Rate(report.DrivenRateMillihertz),
        Rate(report.MeasuredRateMillihertz),
        report.StrokeCount,
        report.Token,
        report.LatestEventNumber,
        report.DroppedReports,
        report.TickGaps,
        report.BurstStrokes,
        (AlarmPriority)Math.Max(report.Alarm, (byte)Alarms.PriorityOf((FaultCode)report.Fault)),
        report.SessionNumber);

    public static AcceptedTreatment From(TreatmentAccepted accepted) => new(
        Depth.FromMicrometers(accepted.DepthMicrometers),
        Depth.FromMicrometers(accepted.DepthCapMicrometers),
        Rate(accepted.RateMillihertz),
        accepted.Token,
        accepted.BurstStrokes);

    public static DeviceSettings From(SettingsReport report) => new(
        report.GoodCopies,
        report.SerialNumber,
        Depth.FromMicrometers(report.ZeroOffsetMicrometers),
        report.Writes,
        report.Pending != 0);

    public static DeviceCounters From(CountersReport report) =>
        new(report.Strokes, TimeSpan.FromSeconds(report.RunSeconds), report.Starts, report.Faults);

    public static SelfTestOutcome From(SelfTestReport report) => new(report.Failed, report.Tested);

    private static StrokeRate Rate(uint millihertz) => StrokeRate.FromMillihertz((int)Math.Min(millihertz, int.MaxValue));
}
