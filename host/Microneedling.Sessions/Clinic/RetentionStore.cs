// How long the site keeps what identifies its clients, and who is past that. Nothing is ever erased by itself, and sessions
// never are: a treatment record is kept.

using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Clinic;

/// <summary>The site's rule in one of its versions.</summary>
/// <param name="Version">1, 2, …; 0: none has been laid down.</param>
/// <param name="Years">Years after a client's last session, 1 … 100; null: kept without end.</param>
public sealed record RetentionRule(int Version, int? Years);

/// <summary>A client who is past the rule.</summary>
/// <param name="Client">Who.</param>
/// <param name="LastSessionAt">When the last session began, UTC; null: there was none.</param>
public sealed record ClientPastRetention(Client Client, DateTimeOffset? LastSessionAt);

/// <summary>How long the site keeps what identifies its clients.</summary>
public sealed class RetentionStore(SessionStore store)
{
    /// <summary>Most clients listed at once.</summary>
    public const int MostListed = 200;

    private const int MostYears = 100;

    /// <summary>The rule in force.</summary>
    public Task<RetentionRule> RuleAsync(CancellationToken ct = default) => store.ReadAsync(
        context => context.RetentionRules.OrderByDescending(row => row.Version).FirstOrDefault() is { } row ? new RetentionRule(row.Version, row.Years) : new RetentionRule(0, null),
        ct);

    /// <summary>Lays down the next version of the rule.</summary>
    /// <param name="who">Who.</param>
    /// <param name="years">1 … 100, or null: without end.</param>
    /// <param name="ct">Gives up while waiting to write.</param>
    /// <exception cref="RecordRefusedException">The years will not do.</exception>
    public Task SetRuleAsync(Actor who, int? years, CancellationToken ct = default) => store.ChangeAsync(
        who,
        change =>
        {
            if (years is { } number)
            {
                Refuse.Outside(number, 1, MostYears, "retention.years", "The years");
            }

            var version = (change.Context.RetentionRules.Max(row => (int?)row.Version) ?? 0) + 1;
            change.Context.Add(new RetentionRuleRow { Version = version, Years = years, CreatedUtc = change.Now, ById = who.PersonId, ByName = who.Name });
            change.Audit("retention.set", $"retention:{version}", years is null ? "without end" : $"{years} years");
        },
        ct);

    /// <summary>
    /// Clients whose last session began longer ago than the rule says, or who were added longer ago and never treated; who
    /// waits longest first. At most 200. None while there is no rule.
    /// </summary>
    public Task<IReadOnlyList<ClientPastRetention>> PastAsync(CancellationToken ct = default) => store.ReadAsync<IReadOnlyList<ClientPastRetention>>(
        context =>
        {
            if (context.RetentionRules.OrderByDescending(row => row.Version).FirstOrDefault()?.Years is not { } years)
            {
                return [];
            }

            var limit = store.Time.GetUtcNow().AddYears(-years);
            return [.. context.Clients
                .Where(client => client.ErasedUtc == null && client.CreatedUtc < limit && !context.Sessions.Any(session => session.ClientKey == client.Key && session.StartedUtc >= limit))
                .OrderBy(client => client.Number)
                .Take(MostListed)
                .Select(client => new
                {
                    Client = client,
                    Last = context.Sessions.Where(session => session.ClientKey == client.Key).OrderByDescending(session => session.Id).Select(session => (DateTimeOffset?)session.StartedUtc).FirstOrDefault(),
                })
                .AsEnumerable()
                .Select(row => new ClientPastRetention(row.Client.ToRecord(), row.Last))
                .OrderBy(row => row.LastSessionAt ?? row.Client.CreatedAt)];
        },
        ct);
}
