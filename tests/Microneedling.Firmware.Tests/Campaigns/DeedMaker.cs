// Makes lists of deeds from a seed. Three temperaments: one glides for as long as a press may last, with small mischief;
// one does most things right and some wrong; one does anything and everything breaks. What is drawn how often is in tables.

using Microneedling.Protocol;
using Microneedling.SimulatedBoard;

namespace Microneedling.Firmware.Tests.Campaigns;

/// <summary>Who holds the handpiece.</summary>
public enum Temperament
{
    /// <summary>Long glides: most of the strokes.</summary>
    Gliding,

    /// <summary>Mostly right.</summary>
    Clumsy,

    /// <summary>Anything, and bad luck.</summary>
    Hostile,
}

/// <summary>Random operators.</summary>
internal static class DeedMaker
{
    private const long Second = 1_000_000;

    // (how often, what): drawn by weight.
    private static readonly (int Weight, Func<Random, long, Deed> Make)[] Mild =
    [
        (6, (r, t) => new Deed(t, DeedKind.Configure, r.Next(100, 1501), r.Next(60000, 100001), 1500)),
        (4, (r, t) => new Deed(t, DeedKind.Pause, r.Next(1, 141))),
        (2, (r, t) => new Deed(t, DeedKind.Stutter, r.Next(100, 4_000), r.Next())),
        (2, (r, t) => new Deed(t, DeedKind.Silence, r.Next(50, 350))),
        (2, (_, t) => new Deed(t, DeedKind.Ask, (int)MessageId.StatusRequest)),
        (1, (r, t) => new Deed(t, DeedKind.AskEvents, r.Next(1, 50))),
        (1, (_, t) => new Deed(t, DeedKind.Repeat)),
        (1, (_, t) => new Deed(t, DeedKind.Home)),
        (1, (_, t) => new Deed(t, DeedKind.Start)),
        (1, (_, t) => new Deed(t, DeedKind.Arm)),
        (1, (_, t) => new Deed(t, DeedKind.Hello)),
        (1, (_, t) => new Deed(t, DeedKind.SilenceAlarm)),
        (1, (_, t) => new Deed(t, DeedKind.Ask, (int)MessageId.CountersRequest)),
    ];

    private static readonly (int Weight, Func<Random, long, Deed> Make)[] Endings =
    [
        (3, (_, t) => new Deed(t, DeedKind.Release)),
        (1, (_, t) => new Deed(t, DeedKind.StopByte)),
        (1, (_, t) => new Deed(t, DeedKind.Stop)),
        (1, (_, t) => new Deed(t, DeedKind.Disarm)),
    ];

    private static readonly (int Weight, Func<Random, long, Deed> Make)[] Wrong =
    [
        (2, (r, t) => new Deed(t, DeedKind.Hello, r.Next(3) == 0 ? r.Next(1, 100) : 0)),
        (2, (_, t) => new Deed(t, DeedKind.Home)),
        (4, (r, t) => new Deed(t, DeedKind.Configure, r.Next(0, 2601), r.Next(5000, 110001), r.Next(4) == 0 ? r.Next(0, 2601) : 1500, r.Next(2))),
        (2, (r, t) => new Deed(t, DeedKind.Configure, r.Next(1500, 2501), r.Next(10000, 100001), 2500, 1)),
        (1, (r, t) => new Deed(t, DeedKind.Configure, r.Next(100, 1501), r.Next(10000, 100001), 1500, 0, r.Next(1, 520))),
        (4, (_, t) => new Deed(t, DeedKind.Arm)),
        (1, (r, t) => new Deed(t, DeedKind.ArmToken, r.Next())),
        (1, (_, t) => new Deed(t, DeedKind.Disarm)),
        (1, (_, t) => new Deed(t, DeedKind.Stop)),
        (1, (_, t) => new Deed(t, DeedKind.StopByte)),
        (2, (_, t) => new Deed(t, DeedKind.ClearFault)),
        (4, (r, t) => new Deed(t, DeedKind.ClearNamed, (int)Pick(r, Enum.GetValues<FaultCode>()))),
        (1, (_, t) => new Deed(t, DeedKind.Start)),
        (1, (r, t) => new Deed(t, DeedKind.BeginSession, r.Next(0, 5))),
        (1, (_, t) => new Deed(t, DeedKind.EnterService)),
        (1, (_, t) => new Deed(t, DeedKind.LeaveService)),
        (1, (r, t) => new Deed(t, DeedKind.Jog, r.Next(-600, 601))),
        (1, (_, t) => new Deed(t, DeedKind.SelfTest)),
        (1, (_, t) => new Deed(t, DeedKind.SilenceAlarm)),
        (1, (r, t) => new Deed(t, DeedKind.Ask, r.Next(0, 256))),
        (1, (r, t) => new Deed(t, DeedKind.Ask, r.Next(0x20, 0x35))),
        (1, (_, t) => new Deed(t, DeedKind.Repeat)),
        (1, (r, t) => new Deed(t, DeedKind.Garbage, r.Next(), r.Next(1, 200))),
        (1, (r, t) => new Deed(t, DeedKind.Silence, r.Next(1, 900))),
        (4, (_, t) => new Deed(t, DeedKind.Press)),
        (3, (_, t) => new Deed(t, DeedKind.Release)),
        (1, (r, t) => new Deed(t, DeedKind.Cartridge, r.Next(1, 500))),
        (1, (r, t) => new Deed(t, DeedKind.EmergencyStop, r.Next(1, 3000))),
        (2, (r, t) => new Deed(t, DeedKind.Pause, r.Next(1, 151))),
        (2, (r, t) => new Deed(t, DeedKind.Stutter, r.Next(100, 4_000), r.Next())),
    ];

    private static readonly (int Weight, Func<Random, long, Deed> Make)[] Disasters =
    [
        (6, (r, t) => Deed.Break(t, Pick(r, Enum.GetValues<BenchFault>()), r.Next(5, 4000))),
        (1, (r, t) => new Deed(t, DeedKind.Sag, r.Next(1, 3000))),
        (1, (r, t) => new Deed(t, DeedKind.Mains, r.Next(1, 3000))),
        (1, (r, t) => new Deed(t, DeedKind.FlashFails, r.Next(1, 3000))),
        (1, (r, t) => new Deed(t, DeedKind.DamageSettings, r.Next(1, 3))),
        (2, (r, t) => new Deed(t, DeedKind.PowerCut, r.Next(1, 2000))),
        (2, (r, t) => new Deed(t, DeedKind.Slip, r.Next(4) == 0 ? r.Next(-400, 401) : r.Next(-40, 41))),
        (2, (r, t) => new Deed(t, DeedKind.Noise, r.Next(50, 3000), r.Next(20_000), r.Next(20_000), r.Next(20_000))),
        (1, (r, t) => new Deed(t, DeedKind.CutLine, r.Next(1, 1500))),
        (1, (r, t) => new Deed(t, DeedKind.WriteSettings, r.Next(0, 3), r.Next(-400, 401))),
        (1, (r, t) => new Deed(t, DeedKind.CalibrateZero, r.Next(4) == 0 ? r.Next(-300, 301) : 0)),
    ];

    /// <summary>A list of about so many seconds.</summary>
    public static Deed[] Make(int seed, Temperament temperament, int seconds)
    {
        var random = new Random(seed);
        List<Deed> deeds = [new(0, DeedKind.Hello)];
        long end = seconds * Second;
        for (long at = 300_000; at < end;)
        {
            at = temperament == Temperament.Gliding ? Glide(deeds, random, at) : Dither(deeds, random, at, temperament);
        }

        return [.. deeds];
    }

    private static long Glide(List<Deed> deeds, Random random, long at)
    {
        int depth = random.Next(100, 1501);
        int rate = random.Next(60000, 100001);
        for (long end = at + (9 * Second); at < end; at += 700_000)
        {
            deeds.Add(new Deed(at, DeedKind.Proceed, depth, rate));
        }

        long release = at + random.NextInt64(20 * Second, 105 * Second);
        for (at += random.NextInt64(8 * Second); at < release; at += random.NextInt64(8 * Second))
        {
            deeds.Add(Draw(random, Mild, at));
        }

        deeds.Add(Draw(random, Endings, release));
        return release + random.NextInt64(3 * Second);
    }

    private static long Dither(List<Deed> deeds, Random random, long at, Temperament temperament)
    {
        bool right = random.Next(3) > 0;
        if (right)
        {
            deeds.Add(new Deed(at, DeedKind.Proceed, random.Next(100, temperament == Temperament.Hostile ? 2501 : 1501), random.Next(10000, 100001)));
        }
        else
        {
            deeds.Add(Draw(random, temperament == Temperament.Hostile && random.Next(3) == 0 ? Disasters : Wrong, at));
        }

        // Sometimes at once, sometimes within a tick, sometimes when everything is over.
        return at + random.Next(6) switch
        {
            0 => random.Next(12_000),
            1 or 2 => random.Next(300_000),
            3 or 4 => random.Next(1_500_000),
            _ => random.Next(5_000_000),
        };
    }

    private static Deed Draw(Random random, (int Weight, Func<Random, long, Deed> Make)[] table, long at)
    {
        int drawn = random.Next(table.Sum(row => row.Weight));
        return Array.Find(table, row => (drawn -= row.Weight) < 0).Make(random, at);
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
