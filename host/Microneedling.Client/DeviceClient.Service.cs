using Microneedling.Client.Link;
using Microneedling.Protocol;

namespace Microneedling.Client;

// What an engineer does with a device: service, settings, life counters, self test. Values that no device takes are
// refused here, with the reason that the device would give.
public sealed partial class DeviceClient
{
    /// <summary>Begins service, in which the depth stage can be jogged and the zero calibrated. Refused with a cartridge seated.</summary>
    public Task EnterServiceAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync(new EmptyMessage(MessageId.EnterService), cancellationToken);

    /// <summary>Ends service; the device parks if it knows its position. Follow <see cref="WaitForAsync"/> for the parking's end.</summary>
    public Task LeaveServiceAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync(new EmptyMessage(MessageId.LeaveService), cancellationToken);

    /// <summary>In service, starts moving the depth stage; returns when accepted. <see cref="EventCode.Jogged"/> tells the end.</summary>
    /// <param name="travel">How far, −0.50 … 0.50 mm; positive is towards the skin.</param>
    /// <param name="cancellationToken">Ends the waiting, not the move.</param>
    public async Task JogAsync(Depth travel, CancellationToken cancellationToken = default)
    {
        Refuse(travel.Micrometers is < -Limits.JogMicrometers or > Limits.JogMicrometers, RejectionReason.JogTooFar, Limits.JogMicrometers);
        await ChangeAsync(new Jog { Micrometers = (short)travel.Micrometers }, cancellationToken);
    }

    /// <summary>
    /// In service, with the stage standing still: tells the device where a gauge found the needle tips. It corrects its
    /// zero offset by the difference and stores it; <see cref="EventCode.SettingsStored"/> tells when. The offset can
    /// narrow the limits in <see cref="Identity"/>: connect again to learn them.
    /// </summary>
    /// <param name="measured">The deepest point of a stroke out of the nosecone; negative: behind it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task CalibrateZeroAsync(Depth measured, CancellationToken cancellationToken = default)
    {
        Refuse(measured.Micrometers is < short.MinValue or > short.MaxValue, RejectionReason.ZeroOffsetOutOfRange, Limits.ZeroOffsetMicrometers);
        await ChangeAsync(new CalibrateZero { MeasuredMicrometers = (short)measured.Micrometers }, cancellationToken);
    }

    /// <summary>Asks for the settings.</summary>
    public async Task<DeviceSettings> ReadSettingsAsync(CancellationToken cancellationToken = default) => Records.From(
        await driver.AskAsync(new EmptyMessage(MessageId.SettingsRequest), new SettingsReport(), CommandPlan.Question, cancellationToken));

    /// <summary>
    /// Writes the settings, at rest only; the accepted treatment is forgotten. Returns when accepted: they are stored when
    /// <see cref="DeviceSettings.IsPending"/> has gone, which <see cref="EventCode.SettingsStored"/> tells.
    /// <see cref="Identity"/> stays as it was: connect again to learn the new one.
    /// </summary>
    /// <param name="serialNumber">Serial number of the device, 1 or more.</param>
    /// <param name="zeroOffset">Where the tips are when the stage counts 0, −0.30 … 0.30 mm; positive: out of the nosecone.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task WriteSettingsAsync(uint serialNumber, Depth zeroOffset, CancellationToken cancellationToken = default)
    {
        Refuse(serialNumber == 0, RejectionReason.SerialNumberMissing, 0);
        Refuse(
            zeroOffset.Micrometers is < -Limits.ZeroOffsetMicrometers or > Limits.ZeroOffsetMicrometers,
            RejectionReason.ZeroOffsetOutOfRange,
            Limits.ZeroOffsetMicrometers);
        await ChangeAsync(new WriteSettings { SerialNumber = serialNumber, ZeroOffsetMicrometers = (short)zeroOffset.Micrometers }, cancellationToken);
    }

    /// <summary>Asks for the life counters.</summary>
    public async Task<DeviceCounters> ReadCountersAsync(CancellationToken cancellationToken = default) => Records.From(
        await driver.AskAsync(new EmptyMessage(MessageId.CountersRequest), new CountersReport(), CommandPlan.Question, cancellationToken));

    /// <summary>While unhomed, starts the self test; returns when accepted. <see cref="EventCode.SelfTestDone"/> tells the end.</summary>
    public Task RunSelfTestAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync(new EmptyMessage(MessageId.SelfTest), cancellationToken);

    /// <summary>Asks for the outcome of the last self test.</summary>
    public async Task<SelfTestOutcome> ReadSelfTestAsync(CancellationToken cancellationToken = default) => Records.From(
        await driver.AskAsync(new EmptyMessage(MessageId.SelfTestRequest), new SelfTestReport(), CommandPlan.Question, cancellationToken));
}
