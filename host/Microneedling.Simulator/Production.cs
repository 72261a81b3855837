// What happens to a board between flashing and the first customer: its settings are written over its own serial line, by
// its own firmware, and its flash is what remains. A simulated device begins with that flash, as a real one would.

using System.Collections.Concurrent;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Simulator;

/// <summary>Flash contents of devices as they leave production.</summary>
public static class Production
{
    private const long GreetingMicroseconds = 100_000;
    private const long SettlingMicroseconds = 4_000_000;

    private static readonly ConcurrentDictionary<(uint SerialNumber, int ZeroOffset, BoardChip Chip), IReadOnlyDictionary<string, byte[]>> Made = new();

    /// <summary>The flash of a calibrated device.</summary>
    /// <param name="serialNumber">1 or more.</param>
    /// <param name="zeroOffsetMicrometers">What the calibration of this device found, −300 … 300; round it up, towards shallower strokes.</param>
    /// <param name="chip">The board's microcontroller.</param>
    /// <exception cref="InvalidOperationException">The firmware did not store the settings.</exception>
    public static IReadOnlyDictionary<string, byte[]> Flash(uint serialNumber, int zeroOffsetMicrometers, BoardChip chip = BoardChip.Esp32S3) =>
        Made.GetOrAdd((serialNumber, zeroOffsetMicrometers, chip), static key => Make(key.SerialNumber, key.ZeroOffset, key.Chip));

    /// <summary>Gives a board without power the flash that it left production with: its own zero, calibrated.</summary>
    public static void Calibrate(VirtualBoard board, uint serialNumber, BoardChip chip = BoardChip.Esp32S3)
    {
        ArgumentNullException.ThrowIfNull(board);
        board.Flash.Restore(Flash(serialNumber, board.Bench.ZeroOffsetMicrometers, chip));
    }

    private static IReadOnlyDictionary<string, byte[]> Make(uint serialNumber, int zeroOffsetMicrometers, BoardChip chip)
    {
        using VirtualBoard board = new(new BoardOptions { Chip = chip });
        FrameDecoder decoder = new();
        EventReport report = new();
        bool greeted = false;
        bool stored = false;
        using SerialHostEnd line = board.Serial.Attach(bytes =>
        {
            foreach (byte value in bytes.Span)
            {
                if (decoder.Push(value) == DecodeResult.Frame)
                {
                    greeted |= decoder.Id == MessageId.HelloReply;
                    stored |= decoder.Id == MessageId.Event && decoder.TryRead(report) && report.Code == (ushort)EventCode.SettingsStored;
                }
            }
        });
        board.PowerOn(Firmware.Program.Main);
        FrameEncoder encoder = new();
        byte[] frame = new byte[Framing.MaximumFrameLength];
        ushort sequence = 0;
        void Send(Message message) => line.Write(frame.AsSpan(0, encoder.Encode(message, ++sequence, 0, frame)));

        // Before the self test is over no settings are taken.
        board.RunFor(SettlingMicroseconds / 4);
        for (int attempt = 0; attempt < 10 && !greeted; attempt++)
        {
            Send(new HelloRequest { ProtocolMajor = ProtocolVersion.Major, ProtocolMinor = ProtocolVersion.Minor, HostNonce = 1 });
            board.RunFor(GreetingMicroseconds);
        }

        Send(new WriteSettings { SerialNumber = serialNumber, ZeroOffsetMicrometers = (short)zeroOffsetMicrometers });

        // Long enough for the life counters to be stored too.
        board.RunFor(SettlingMicroseconds);
        return stored
            ? board.Flash.Snapshot()
            : throw new InvalidOperationException($"The firmware has not stored settings (serial number {serialNumber}, zero {zeroOffsetMicrometers} µm).");
    }
}
