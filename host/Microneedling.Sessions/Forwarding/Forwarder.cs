// Forwards a record to the clinic's: link by link of its own chain, from the last one that the clinic has of it. There is no
// other outbox. Where it goes on is always asked of the clinic, in whose database it is committed together with what was
// delivered; so a message that is repeated, an answer that is lost and a database that was set back all come to the same:
// what is there is not sent again, what is not there is.
//
//   links of the recorder:    1  2  3  4  5  6  7            the clinic's Recorders row says: 4
//   known by the clinic:      1  2  3  4                      → 5, 6, 7 go, in batches of one transaction each
//
// A recorder that was restored from an older backup writes other links under numbers that the clinic has already: that is
// noted as a conflict, and its new links are taken beside the old ones. Nothing that the clinic has is ever changed.

using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Proof;
using Microneedling.Sessions.Schema;
using Microsoft.EntityFrameworkCore;

namespace Microneedling.Sessions.Forwarding;

/// <summary>Forwards what a record has proven to the clinic's record.</summary>
/// <param name="recorder">The record.</param>
/// <param name="clinic">The clinic's.</param>
/// <param name="recorderName">What the recorder's computer is called, 1 … 60 characters.</param>
public sealed class Forwarder(SessionStore recorder, SessionStore clinic, string recorderName)
{
    private const int LinksAtOnce = 500;
    private const int RowsAtOnce = 40_000;

    /// <summary>Forwards everything that is not there yet. May be broken off and repeated at any time.</summary>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="ct">Breaks off before the next batch.</param>
    /// <returns>How far it came: to the end.</returns>
    /// <exception cref="SessionStoreException">One of the two records cannot be used now. What was delivered stays.</exception>
    public async Task<ForwardingProgress> ForwardAsync(IProgress<ForwardingProgress>? progress = null, CancellationToken ct = default)
    {
        var (key, links) = await recorder.ReadAsync(context => StateOf(context), ct);
        var clinicKey = (await clinic.ReadAsync(context => StateOf(context), ct)).Key;
        if (clinicKey == key)
        {
            throw new SessionStoreException("The clinic's record is this record itself. Forward to another database.");
        }

        var there = await FindPlaceAsync(key, ct);
        ForwardingProgress soFar = new(there, links, 0, 0, await ConflictsAsync(key, ct));
        await NoteAsync(clinicKey, soFar);
        progress?.Report(soFar);
        while (soFar.Links < links)
        {
            ct.ThrowIfCancellationRequested();
            var batch = await recorder.ReadAsync(context => Batch.Read(context, soFar.Links, LinksAtOnce, RowsAtOnce), ct);
            var delivered = await DeliverAsync(key, batch);
            soFar = soFar with
            {
                Links = batch.LastLink,
                Sessions = soFar.Sessions + delivered.Sessions,
                Rows = soFar.Rows + delivered.Rows,
                Conflicts = await ConflictsAsync(key, ct),
            };
            await NoteAsync(clinicKey, soFar);
            progress?.Report(soFar);
        }

        await EraseAsync(ct);
        return soFar;
    }

    /// <summary>Who was erased here is erased there: what identifies a client is to be nowhere.</summary>
    private async Task EraseAsync(CancellationToken ct)
    {
        var erased = await recorder.ReadAsync(context => context.Clients.Where(client => client.ErasedUtc != null).Select(client => client.Key).ToList(), ct);
        var left = await clinic.ReadAsync(context => context.Clients.Where(client => client.ErasedUtc == null && erased.Contains(client.Key)).Select(client => client.Key).ToList(), ct);
        foreach (var key in left)
        {
            var reason = await recorder.ReadAsync(context => ReasonOf(context, key), ct);
            try
            {
                await clinic.ChangeAsync(
                    new Actor(null, recorderName),
                    change =>
                    {
                        Erasure.Erase(change, key, reason);
                        clinic.MarkErased(change.Context);
                    },
                    ct);
            }
            catch (RecordRefusedException)
            {
                // The client is being treated there; the next time.
            }
        }

        if (left.Count > 0)
        {
            await clinic.Clients.OverwriteErasedAsync(ct);
        }
    }

    private static ErasureReason ReasonOf(SessionContext context, string clientKey)
    {
        var subject = $"client:{clientKey}";
        var details = context.AuditEntries.Where(entry => entry.Action == "client.erased" && entry.Subject == subject).Select(entry => entry.Details).FirstOrDefault();
        return Enum.TryParse<ErasureReason>(details?.Split(' ')[^1], out var reason) ? reason : ErasureReason.ClientAsked;
    }

    private static (string Key, long Links) StateOf(SessionContext context) =>
        context.RecordStates.SingleOrDefault(row => row.Id == RecordStateRow.OnlyId) is { } state ? (state.Key, state.Links) : throw new ChainBrokenException();

    /// <summary>The last link of this record's chain as it is now that the clinic has.</summary>
    private async Task<long> FindPlaceAsync(string key, CancellationToken ct)
    {
        var known = await clinic.ReadAsync(context => context.Recorders.SingleOrDefault(row => row.Key == key), ct);
        if (known is null)
        {
            await clinic.WriteAsync(
                context =>
                {
                    using var transaction = clinic.Database.BeginWriting(context);
                    if (context.Recorders.Find(key) is null)
                    {
                        context.Add(new RecorderRow { Key = key, Name = recorderName, FirstUtc = clinic.Time.GetUtcNow(), LatestUtc = clinic.Time.GetUtcNow() });
                        context.SaveChanges();
                        transaction.Commit();
                    }
                },
                ct);
            return 0;
        }

        if (known.Links == 0 || await HasAsync(known.Links, known.HeadHash, ct))
        {
            return known.Links;
        }

        // Set back, or two copies of one recorder in use: on from the last link that both have.
        var common = known.Links;
        while (common > 0)
        {
            var page = await clinic.ReadAsync(
                context => context.ReceivedLinks.Where(row => row.RecorderKey == key && row.Number <= common).OrderByDescending(row => row.Number).Take(LinksAtOnce).ToList(), ct);
            var place = await recorder.ReadAsync(
                context => page.FirstOrDefault(link => context.Links.Any(own => own.Number == link.Number && own.Hash == link.Hash))?.Number, ct);
            if (place is not null)
            {
                common = place.Value;
                break;
            }

            common = page.Count == 0 ? 0 : page[^1].Number - 1;
        }

        await NoteSetBackAsync(known, common, ct);
        return common;
    }

    private Task<bool> HasAsync(long number, byte[] hash, CancellationToken ct) =>
        recorder.ReadAsync(context => context.Links.Any(link => link.Number == number && link.Hash == hash), ct);

    private async Task NoteSetBackAsync(RecorderRow known, long common, CancellationToken ct)
    {
        var (head, atCommon) = await recorder.ReadAsync(
            context => (context.RecordStates.Single().HeadHash, context.Links.Where(link => link.Number == common).Select(link => link.Hash).SingleOrDefault() ?? []), ct);
        await clinic.WriteAsync(
            context =>
            {
                using var transaction = clinic.Database.BeginWriting(context);
                Conflict.Note(context, clinic.Time.GetUtcNow(), known.Key, ConflictKind.SetBack, known.Links, "", known.HeadHash, head);
                var row = context.Recorders.Find(known.Key)!;
                (row.Links, row.HeadHash) = (common, atCommon);
                context.SaveChanges();
                transaction.Commit();
            },
            ct);
    }

    private async Task<(long Sessions, long Rows)> DeliverAsync(string key, Batch batch)
    {
        await clinic.WriteAsync(context => Reception.Prepare(context, clinic, batch));
        HashSet<long> changed = [];
        while (true)
        {
            (long, long)? delivered = null;
            await clinic.WriteAsync(context =>
            {
                using var own = recorder.CreateContext();
                using var snapshot = recorder.Database.BeginReading(own);
                try
                {
                    delivered = new Reception(context, clinic, key, recorderName).Take(own, batch, changed);
                }
                catch (ContentChangedException e)
                {
                    // What this link proves is not what stands in the recorder's own record: all but it.
                    changed.Add(e.LinkNumber);
                }
            });
            if (delivered is { } done)
            {
                return done;
            }
        }
    }

    private Task<long> ConflictsAsync(string key, CancellationToken ct) => clinic.ReadAsync(context => context.Conflicts.LongCount(row => row.RecorderKey == key), ct);

    /// <summary>How far it is, for whoever asks while the clinic cannot be reached.</summary>
    private Task NoteAsync(string clinicKey, ForwardingProgress progress) => recorder.WriteAsync(context =>
    {
        var row = context.Forwardings.Find(clinicKey);
        if (row is null)
        {
            context.Add(row = new ForwardingRow { ClinicKey = clinicKey });
        }

        (row.Links, row.Conflicts, row.DeliveredUtc) = (progress.Links, progress.Conflicts, recorder.Time.GetUtcNow());
        context.SaveChanges();
    });
}

/// <summary>How far forwarding has come.</summary>
/// <param name="Links">Links of this record's chain that the clinic has.</param>
/// <param name="TotalLinks">Links that there are.</param>
/// <param name="Sessions">Sessions delivered this time.</param>
/// <param name="Rows">Their rows.</param>
/// <param name="Conflicts">What did not fit together, since ever.</param>
public sealed record ForwardingProgress(long Links, long TotalLinks, long Sessions, long Rows, long Conflicts);
