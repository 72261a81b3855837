using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Sessions.Exchange;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;

namespace Microneedling.Tablet.Pages;

/// <summary>Takes in a session that was exported as JSON, and says what came of it.</summary>
[Needs(Rights.ManageSite)]
[RequestSizeLimit(MostBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = MostBytes)]
public sealed class ImportModel(SessionStore store, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>Largest file, in MiB.</summary>
    public const long MostMebibytes = SessionExchange.MostBytes >> 20;

    /// <summary>With what stands around the file in a form.</summary>
    private const long MostBytes = SessionExchange.MostBytes + (1 << 20);

    /// <summary>What came of it; null until a file was taken in.</summary>
    public ImportResult? Result { get; private set; }

    /// <summary>Where in the file something will not do, or the hashes that differ; or null.</summary>
    public string? Place { get; private set; }

    /// <summary>Shows the form.</summary>
    public void OnGet()
    {
    }

    /// <summary>Takes the file in.</summary>
    public async Task OnPostAsync(IFormFile? file, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            Form.Refuse("file", T["exchange.file-missing"]);
            return;
        }

        await TryAsync(async () =>
        {
            try
            {
                await using var stream = file.OpenReadStream();
                Result = await store.Exchange.ImportAsync(Person.Actor, stream, cancellationToken);
            }
            catch (ImportRefusedException refused)
            {
                Place = refused.Details;
                throw;
            }
        });
    }
}
