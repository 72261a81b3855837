// Copies a whole record into an empty database of either engine, number by number, so that it goes on there: the same key,
// the same chain, the same proof. Tables and columns are taken from the model; nothing here names one.

using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Microneedling.Sessions;

/// <summary>Copies a record from one engine to the other, or to another place.</summary>
public static class RecordCopy
{
    /// <summary>Copies everything, then checks the copy's proof.</summary>
    /// <param name="from">The record. No session may be running.</param>
    /// <param name="to">Another one in which nothing has been recorded yet.</param>
    /// <param name="progress">Told the number of rows copied, after each table.</param>
    /// <param name="ct">Breaks off; the target stays empty.</param>
    /// <returns>Rows copied, and what checking the copy has found.</returns>
    /// <exception cref="SessionStoreException">A session is running, the target is not empty, or one of the two cannot be used. The target stays as it was.</exception>
    public static async Task<(long Rows, Proof.ProofReport Proof)> CopyAsync(SessionStore from, SessionStore to, IProgress<long>? progress = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (await from.ReadAsync(context => context.Sessions.Any(session => session.Outcome == SessionOutcome.Running), ct))
        {
            throw new SessionStoreException($"A session is running in {from.Name}. Finish it and end the program that records it, then copy.");
        }

        if (!await to.ReadAsync(IsEmpty, ct))
        {
            throw new SessionStoreException($"{to.Name} holds a record already. Copy into an empty database.");
        }

        long rows = 0;
        await to.WriteAsync(
            context =>
            {
                using var source = from.CreateContext();
                using var snapshot = from.Database.BeginReading(source);
                using var transaction = to.Database.BeginWriting(context);
                var tables = Ordered(context.Model);
                foreach (var table in tables.AsEnumerable().Reverse())
                {
                    Empty(context, table);
                }

                foreach (var table in tables)
                {
                    ct.ThrowIfCancellationRequested();
                    rows += BulkInsert.Insert(context, table, Rows(source, table));
                    progress?.Report(rows);
                    CountOn(context, table);
                }

                transaction.Commit();
            },
            ct);
        return (rows, await to.VerifyAsync(ct));
    }

    /// <summary>Nothing but what every new record begins with.</summary>
    private static bool IsEmpty(SessionContext context) =>
        !context.Sessions.Any() && !context.Links.Any() && !context.Clients.Any() && !context.People.Any() && !context.Recorders.Any();

    /// <summary>Tables after those that they refer to.</summary>
    private static List<IEntityType> Ordered(IModel model)
    {
        List<IEntityType> ordered = [];
        var left = model.GetEntityTypes().OrderBy(type => type.GetTableName(), StringComparer.Ordinal).ToList();
        while (left.Count > 0)
        {
            var next = left.First(type => type.GetForeignKeys().All(key => key.PrincipalEntityType == type || ordered.Contains(key.PrincipalEntityType)));
            left.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    private static IEnumerable<object> Rows(SessionContext context, IEntityType type) =>
        (IEnumerable<object>)typeof(RecordCopy).GetMethod(nameof(RowsOf), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type.ClrType).Invoke(null, [context])!;

    private static IEnumerable<object> RowsOf<TRow>(SessionContext context)
        where TRow : class => context.Set<TRow>().AsNoTracking();

#pragma warning disable EF1002 // Names of tables and columns of the model.
    private static void Empty(SessionContext context, IEntityType table) => context.Database.ExecuteSqlRaw($"DELETE FROM \"{table.GetTableName()}\"");

    /// <summary>SQLite counts on from the largest number by itself; PostgreSQL must be told.</summary>
    private static void CountOn(SessionContext context, IEntityType table)
    {
        if (context.Database.IsNpgsql() && table.GetProperties().FirstOrDefault(property => property.IsPrimaryKey() && property.ValueGenerated == ValueGenerated.OnAdd && property.ClrType == typeof(long)) is { } number)
        {
            context.Database.ExecuteSqlRaw(
                $"SELECT setval(pg_get_serial_sequence('\"{table.GetTableName()}\"', '{number.GetColumnName()}'), COALESCE(max(\"{number.GetColumnName()}\"), 1), max(\"{number.GetColumnName()}\") IS NOT NULL) FROM \"{table.GetTableName()}\"");
        }
    }
#pragma warning restore EF1002
}
