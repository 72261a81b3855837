namespace Microneedling.SimulatedBoard.Mechanics;

/// <summary>
/// What the needles press into. Skin is compressed like a spring and every needle adds 0.03 N at the surface … 0.1 N at
/// 2.5 mm (domain.md).
/// </summary>
/// <param name="StiffnessNewtonsPerMillimeter">0: free air.</param>
/// <param name="NeedleCount">Needles of the cartridge.</param>
internal readonly record struct Skin(double StiffnessNewtonsPerMillimeter, int NeedleCount)
{
    /// <summary>Needles that a cartridge has unless somebody says otherwise.</summary>
    internal const int UsualNeedleCount = 12;

    private const double NewtonsPerNeedleAtSurface = 0.03;
    private const double NewtonsPerNeedleAtDepth = 0.1;
    private const double DeepMillimeters = 2.5;

    /// <summary>Force against the needles whose tips are so far out, newtons.</summary>
    internal double Newtons(double tipMillimeters) => tipMillimeters <= 0 || StiffnessNewtonsPerMillimeter <= 0
        ? 0
        : (StiffnessNewtonsPerMillimeter * tipMillimeters)
            + (NeedleCount * (NewtonsPerNeedleAtSurface
                + ((NewtonsPerNeedleAtDepth - NewtonsPerNeedleAtSurface) * Math.Min(1, tipMillimeters / DeepMillimeters))));
}
