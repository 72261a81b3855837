using System.Globalization;
using Microneedling.Sessions.Schema;

namespace Microneedling.Sessions.Clinic;

/// <summary>Labels of clients: pseudonymous, and each once.</summary>
internal static class Labels
{
    public const int Longest = 60;

    /// <summary>What a new client is called.</summary>
    public static string Of(long number) => string.Create(CultureInfo.InvariantCulture, $"Client {number:0000}");

    /// <summary>What an erased client is called.</summary>
    public static string OfErased(long number) => string.Create(CultureInfo.InvariantCulture, $"Erased {number:0000}");

    /// <summary>Whether another client has it.</summary>
    public static bool IsTaken(SessionContext context, string label, string? exceptKey = null)
    {
        var key = TextKey.Of(label);
        return context.Clients.Any(row => row.LabelKey == key && row.Key != exceptKey);
    }

    /// <summary>A label that is free: the wanted one, or with the first number behind it that makes it so.</summary>
    public static string Free(SessionContext context, string wanted)
    {
        var label = wanted;
        for (var i = 2; IsTaken(context, label); i++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $" ({i})");
            label = wanted[..Math.Min(wanted.Length, Longest - suffix.Length)] + suffix;
        }

        return label;
    }
}
