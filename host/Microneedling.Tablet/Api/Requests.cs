// What the pages send. Every member is required and nothing else is allowed; numbers are whole, with the unit in the name.

using System.Text.Json;

namespace Microneedling.Tablet.Api;

/// <summary>From a page, with nothing else to say.</summary>
public sealed record PageRequest(string Page);

/// <summary>Values to hold to, for a zone. Of a preset: which one, when they are still its values.</summary>
public sealed record ConfigureRequest(
    string Page, string ZoneId, int AreaSquareMillimeters, int DepthMicrometers, int RateMillihertz, int BurstStrokes, string? PresetKey, int? PresetVersion);

/// <summary>Arm with the values that the token stands for.</summary>
public sealed record ArmRequest(string Page, uint Token);

/// <summary>A supervisor unlocks a deeper cap for a zone.</summary>
public sealed record UnlockRequest(string Page, string ZoneId, long SupervisorId, string Pin, string Reason);

/// <summary>The page in control hands over.</summary>
public sealed record GiveRequest(string Page, string To);

/// <summary>The person has seen this alarm condition.</summary>
public sealed record AlarmRequest(string Id);

/// <summary>Clear the fault that the person has seen.</summary>
public sealed record ClearFaultRequest(ushort Fault);

/// <summary>Close the session: carried through, or ended early.</summary>
public sealed record FinishRequest(string Page, bool CarriedThrough);

/// <summary>Press or release, seat or remove, at the simulated device.</summary>
public sealed record SimulatorRequest(bool On);

/// <summary>Reads requests strictly.</summary>
public static class RequestReading
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The request's body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="example">A body that would do, for the refusal.</param>
    /// <exception cref="BadRequestException">It is not such a body.</exception>
    public static async Task<T> ReadAsync<T>(this HttpRequest request, string example)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await request.ReadFromJsonAsync<T>(Strict, request.HttpContext.RequestAborted)
                ?? throw new BadRequestException("send", example);
        }
        catch (JsonException)
        {
            throw new BadRequestException("unreadable", example);
        }
    }
}

/// <summary>The request makes no sense; nothing changed. <see cref="Code"/> names the text <c>refusals.CODE</c>.</summary>
public sealed class BadRequestException(string code, string example) : Exception($"{code}: {example}")
{
    /// <summary>The reason's name.</summary>
    public string Code { get; } = code;

    /// <summary>A body that would do.</summary>
    public string Example { get; } = example;
}
