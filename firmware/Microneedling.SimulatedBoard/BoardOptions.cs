namespace Microneedling.SimulatedBoard;

/// <summary>Which microcontroller the board carries.</summary>
public enum BoardChip
{
    /// <summary>ESP32-S3 without PSRAM: the reference.</summary>
    Esp32S3,

    /// <summary>Classic ESP32, revision 3.</summary>
    Esp32Rev3,
}

/// <summary>How far the mechanism is from a drawing.</summary>
public enum ImperfectionLevel
{
    /// <summary>Everything is where and when it should be.</summary>
    Ideal,

    /// <summary>Offsets, backlash, hysteresis: different from board to board by the seed, the same all the time.</summary>
    Static,

    /// <summary>Static ones, and noise, drift and bounce.</summary>
    Dynamic,
}

/// <summary>How a virtual board begins.</summary>
public sealed record BoardOptions
{
    /// <summary>Decides everything that is left to chance. Same seed, same driving: same run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The clock's first reading, microseconds.</summary>
    public long StartMicroseconds { get; init; }

    /// <summary>What the chip's microsecond timer shows at power-on, as if it had run for so long: for tests of its wraps.</summary>
    public long TimerAtPowerOnMicroseconds { get; init; }

    /// <summary>True: runs by itself at the wall clock's pace. False: runs when driven, as fast as it can.</summary>
    public bool RealTime { get; init; }

    /// <summary>Where the depth stage stands at first, micrometres, -1 300 … +2 700; null: -1 100 … +500 by the seed.</summary>
    public int? StageMicrometers { get; init; }

    /// <summary>Where the cam stands at first, microsteps from a top dead centre, 0 … 1 599; null: by the seed.</summary>
    public int? CamMicrosteps { get; init; }

    /// <summary>The board's microcontroller.</summary>
    public BoardChip Chip { get; init; }

    /// <summary>How far the mechanism is from a drawing.</summary>
    public ImperfectionLevel Imperfections { get; init; }

    /// <summary>How late and how lossy the platform is.</summary>
    public PlatformBehaviour Platform { get; init; } = PlatformBehaviour.Nominal;

    /// <summary>
    /// Where the whole run is written, until the board is disposed of: a file that ends in .vcd (for GTKWave) or .csv, or
    /// without extension both; null: nowhere, at no cost.
    /// </summary>
    public string? TracePath { get; init; }
}
