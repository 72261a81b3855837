// What the pages send. Every member is required and nothing else is allowed; numbers are whole, with the unit in the name.

using System.Text.Json;

namespace Microneedling.Tablet.Api;

/// <summary>From a page, with nothing else to say.</summary>
public sealed record PageRequest(string Page);

/// <summary>Depth and rate to hold to.</summary>
public sealed record ConfigureRequest(string Page, int DepthMicrometers, int RateMillihertz);

/// <summary>Arm with the values that the token stands for.</summary>
public sealed record ArmRequest(string Page, uint Token);

/// <summary>Acknowledge the fault that the person has seen.</summary>
public sealed record ClearFaultRequest(ushort Fault);

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
        try
        {
            return await request.ReadFromJsonAsync<T>(Strict, request.HttpContext.RequestAborted)
                ?? throw new BadRequestException($"Send {example}. Nothing was changed.");
        }
        catch (JsonException)
        {
            throw new BadRequestException($"This could not be read. Send {example}. Nothing was changed.");
        }
    }
}

/// <summary>The request makes no sense; nothing changed. The message says what to send.</summary>
public sealed class BadRequestException(string message) : Exception(message);
