using Microneedling.Firmware.Tests.Fuzz;
using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Benchmarks.Device;

/// <summary>Bytes that nobody would send: at the decoder alone, and at the whole device in every state.</summary>
internal static class FuzzPart
{
    private const int BlockBytes = 1 << 16;
    private const int ShotsOfRun = 250;
    private const int Seed = 1;

    private static readonly byte[] Hostile = [Framing.Flag, Framing.Escape, Framing.Stop, Framing.XOn, Framing.XOff, Framing.Flag ^ 0x20, Framing.Escape ^ 0x20, 0x00, 0xFF];

    private static readonly DeviceState[] States =
    [
        DeviceState.Unhomed, DeviceState.Homing, DeviceState.Parked, DeviceState.Armed, DeviceState.Running, DeviceState.Retracting,
        DeviceState.Faulted, DeviceState.EmergencyStopped, DeviceState.Service,
    ];

    public static IEnumerable<Finding> Measure(Size size)
    {
        long atLeast = size.Of(10_000_000L, 200_000_000L);
        long bytes = 0;
        long accepted = 0;
        long damaged = 0;
        foreach (Func<Random, byte[], int> source in new Func<Random, byte[], int>[] { Anything, MostlySpecial, BrokenFrames })
        {
            Random random = new(Seed);
            FrameDecoder decoder = new();
            byte[] block = new byte[BlockBytes];
            for (long done = 0; done < atLeast / 3;)
            {
                int count = source(random, block);
                for (int at = 0; at < count;)
                {
                    at = decoder.Take(block, at, count);
                    accepted += decoder.Result == DecodeResult.Frame ? 1 : 0;
                    damaged += decoder.Result == DecodeResult.Damaged ? 1 : 0;
                }

                done += count;
                bytes += count;
            }
        }

        FuzzOutcome[] device = AtTheDevice(size.Of(1, 15));
        yield return Promises.Of("fuzz.bytes", bytes, $"random, mostly special bytes, and frames spoilt in one to four places, a third each, at the decoder, seed {Seed}; {damaged} damaged frames told");
        yield return Promises.Of("fuzz.false_accepts", accepted, "frames accepted that nobody had sent");
        yield return Figure.Told("fuzz.device_bytes", device.Sum(run => run.Bytes), "bytes", $"garbage, spoilt frames and wrong tokens at the whole device: {device.Sum(run => run.Shots)} shots, {device.Sum(run => run.InState)} of them in the state aimed at, all nine states");
        yield return Promises.Of("fuzz.device_violations", device.Count(run => run.Broken is not null), "of what must hold: tips never deeper than accepted, no stroke without trigger, only the right token arms, STOP found, the next whole frame answered" + string.Concat(device.Where(run => run.Broken is not null).Select(run => "; " + run.How)));
    }

    private static FuzzOutcome[] AtTheDevice(int seeds)
    {
        (DeviceState State, int Seed)[] plans = [.. Enumerable.Range(1, seeds).SelectMany(seed => States.Select(state => (state, seed)))];
        FuzzOutcome[] outcomes = new FuzzOutcome[plans.Length];
        Parallel.For(0, plans.Length, Cores.All, i =>
        {
            BoardOptions options = new() { Seed = plans[i].Seed };
            using VirtualBoard board = new(options);
            ShotMaker maker = new((plans[i].Seed * 31) + (int)plans[i].State, peaceful: false, (short)board.Bench.ZeroOffsetMicrometers);
            outcomes[i] = FuzzRun.Run(options, plans[i].State, peaceful: false, [.. Enumerable.Range(0, ShotsOfRun).Select(_ => maker.Next())]);
        });
        return outcomes;
    }

    private static int Anything(Random random, byte[] block)
    {
        random.NextBytes(block);
        return block.Length;
    }

    private static int MostlySpecial(Random random, byte[] block)
    {
        random.NextBytes(block);
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = (block[i] & 3) == 0 ? Hostile[(block[i] >> 2) % Hostile.Length] : block[i];
        }

        return block.Length;
    }

    private static int BrokenFrames(Random random, byte[] block)
    {
        FrameEncoder encoder = new();
        StatusReport status = new();
        byte[] frame = new byte[Framing.MaximumFrameLength];
        int count = 0;
        while (count + Framing.MaximumFrameLength <= block.Length)
        {
            status.UptimeMilliseconds = (uint)random.Next();
            status.Token = (uint)random.Next();
            int length = encoder.Encode(status, (ushort)random.Next(65_536), 0, frame);
            Span<byte> spoilt = block.AsSpan(count, length);
            frame.AsSpan(0, length).CopyTo(spoilt);
            for (int places = random.Next(1, 5); places > 0 || spoilt.SequenceEqual(frame.AsSpan(0, length)); places--)
            {
                spoilt[random.Next(1, length - 1)] = (byte)random.Next(256);
            }

            count += length;
        }

        return count;
    }
}
