using Microneedling.Protocol;

namespace Microneedling.Client;

/// <summary>
/// The host's own hold on depth, rate and burst, before the device is asked and after it has answered. The device checks the
/// same again; neither relies on the other.
/// </summary>
internal static class TreatmentCheck
{
    /// <summary>What the device would refuse, by its limits and by this program's, whichever is the narrower; or null.</summary>
    public static RejectedException? Refuse(TreatmentRequest request, DeviceIdentity identity)
    {
        DeviceLimits device = identity.Limits;
        int absolute = Math.Min(device.AbsoluteDepth.Micrometers, Limits.AbsoluteDepthMicrometers);
        int unsupervised = Math.Min(device.UnsupervisedDepth.Micrometers, Limits.UnsupervisedDepthMicrometers);
        int shallowest = Math.Max(device.MinimumDepth.Micrometers, Limits.MinimumDepthMicrometers);
        int slowest = Math.Max(device.MinimumRate.Millihertz, Limits.MinimumRateMillihertz);
        int fastest = Math.Min(device.MaximumRate.Millihertz, Limits.MaximumRateMillihertz);
        int longestBurst = identity.Capabilities.HasFlag(DeviceCapabilities.Burst) ? Limits.MaximumBurstStrokes : 0;
        (int depth, int cap, int rate) = (request.Depth.Micrometers, request.DepthCap.Micrometers, request.Rate.Millihertz);
        (bool IsBroken, RejectionReason Reason, int Limit)[] rules =
        [
            (depth > absolute || cap > absolute, RejectionReason.DepthAboveAbsolute, absolute),
            (cap > unsupervised && !request.SupervisorUnlock, RejectionReason.SupervisorRequired, unsupervised),
            (depth > cap, RejectionReason.DepthAboveCap, cap),
            (depth < shallowest, RejectionReason.DepthTooShallow, shallowest),
            (rate < slowest, RejectionReason.RateTooLow, slowest),
            (rate > fastest, RejectionReason.RateTooHigh, fastest),
            (request.BurstStrokes < 0 || request.BurstStrokes > longestBurst, RejectionReason.BurstTooLong, longestBurst),
        ];
        foreach ((bool isBroken, RejectionReason reason, int limit) in rules)
        {
            if (isBroken)
            {
                return new RejectedException(reason, limit);
            }
        }

        return null;
    }

    /// <summary>Whether what the device will hold to is nowhere more than what was asked.</summary>
    public static bool IsWithin(AcceptedTreatment accepted, TreatmentRequest request) =>
        accepted.Depth <= request.Depth && accepted.DepthCap <= request.DepthCap && accepted.Rate <= request.Rate
        && (request.BurstStrokes == 0 || (accepted.BurstStrokes > 0 && accepted.BurstStrokes <= request.BurstStrokes));
}
