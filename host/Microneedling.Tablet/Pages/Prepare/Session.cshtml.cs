// The second step of a session: what is in force, the course, the cartridge, and Begin. What is missing is said, with the
// way to it; the desk decides, this page only says it before.

using System.Globalization;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Device;
using Microneedling.Tablet.Forms;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using ClientRecord = Microneedling.Sessions.Clinic.Client;

namespace Microneedling.Tablet.Pages;

/// <summary>Begins a session for a client, or on a test block.</summary>
[Needs(Rights.Treat)]
public sealed class PrepareSessionModel(SessionStore store, TreatmentDesk desk, DeviceService device, Texts texts, TimeProvider time) : FormPage(texts, time)
{
    /// <summary>Stands in the address for a test block; no client's key looks so.</summary>
    public const string TestBlock = "test-block";

    /// <summary>Most characters of type and lot.</summary>
    public const int LongestLabel = 60;

    private const int MostNeedles = 100;

    /// <summary>The client; null: on a test block.</summary>
    public ClientRecord? Client { get; private set; }

    /// <summary>The client's latest check, or null.</summary>
    public SuitabilityCheck? Check { get; private set; }

    /// <summary>The client's consent in force, or null.</summary>
    public Consent? Consent { get; private set; }

    /// <summary>The client's courses that go on.</summary>
    public IReadOnlyList<Course> Courses { get; private set; } = [];

    /// <summary>Types of cartridges used before, the latest first.</summary>
    public IReadOnlyList<string> UsedTypes { get; private set; } = [];

    /// <summary>The session that is open already, or null.</summary>
    public OpenSession? OpenSession => desk.Open;

    /// <summary>Whether check and consent allow to begin.</summary>
    public bool IsAllowed => Client is null || (Check?.Allows(Now) == true && Consent is not null);

    /// <summary>How it stands with the cartridge.</summary>
    public CartridgeState Cartridge => CartridgeReading.Of(device.LatestStatus, desk.Log);

    /// <summary>Whether somebody may treat a test block with a device.</summary>
    public static bool MayPractise(SignedInPerson person, DeviceService device)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(device);
        return device.IsSimulated || person.May(Rights.ServeDevice);
    }

    /// <summary>Shows the form.</summary>
    public async Task<IActionResult> OnGetAsync(string key, CancellationToken cancellationToken) => await LoadAsync(key, cancellationToken) ?? Page();

    /// <summary>Looks at the device again; what was typed stays.</summary>
    public Task<IActionResult> OnPostLookAsync(string key, CancellationToken cancellationToken) => OnGetAsync(key, cancellationToken);

    /// <summary>Begins the session, and goes to Treat.</summary>
    public async Task<IActionResult> OnPostAsync(string key, CancellationToken cancellationToken)
    {
        if (await LoadAsync(key, cancellationToken) is { } refused)
        {
            return refused;
        }

        RefuseWhatIsMissing();
        var course = Courses.FirstOrDefault(course => course.Id.ToString(CultureInfo.InvariantCulture) == Form["course"]);
        if (Form["course"].Length > 0 && course is null)
        {
            Form.Refuse("course", T["refusals.form-choose"]);
        }

        string type = Form.Text("type", 1, LongestLabel);
        int? needles = Form.Whole("needles", 1, MostNeedles);
        string lot = Form.Text("lot", 1, LongestLabel);
        var expires = Form.Day("expires");
        if (expires < Today)
        {
            Form.Refuse("expires", T["refusals.cartridgeExpired", Form["expires"]]);
        }

        bool begun = await TryAsync(() => desk.BeginAsync(
            device,
            Person,
            new SessionStart(Person.Actor, Client?.Key, Client is null ? null : Check!.Id, course?.Id, new Cartridge(type, needles!.Value, lot, expires!.Value)),
            cancellationToken));
        return begun ? LocalRedirect("/") : Page();
    }

    /// <summary>Loads what the page shows; the answer when there is no such client, or the person may not.</summary>
    private async Task<IActionResult?> LoadAsync(string key, CancellationToken cancellationToken)
    {
        bool isTestBlock = key == TestBlock;
        if (isTestBlock ? !MayPractise(Person, device) : !Person.May(Rights.KeepClients))
        {
            return StatusCode(StatusCodes.Status403Forbidden);
        }

        var recent = await store.ListAsync(ct: cancellationToken);
        UsedTypes = [.. recent.Select(session => session.Cartridge?.Type).OfType<string>().Distinct()];
        if (isTestBlock)
        {
            return null;
        }

        if (await store.Clients.FindAsync(key, cancellationToken) is not { } client)
        {
            return NotFound();
        }

        Client = client;
        Check = await store.Clients.ChecksAsync(key, cancellationToken) is [var check, ..] ? check : null;
        Consent = (await store.Clients.ConsentsAsync(key, cancellationToken)).FirstOrDefault(consent => consent.WithdrawnAt is null);
        Courses = [.. (await store.Clients.CoursesAsync(key, cancellationToken)).Where(course => !course.IsClosed)];
        return null;
    }

    private void RefuseWhatIsMissing()
    {
        if (OpenSession is not null)
        {
            Form.Refuse(null, T["prepare.open"]);
        }

        if (Client is not null && Check?.Allows(Now) != true)
        {
            Form.Refuse(null, T[CheckWords(Check)]);
        }

        if (Client is not null && Consent is null)
        {
            Form.Refuse(null, T["prepare.consent-missing"]);
        }
    }

    /// <summary>Key of the words for how it stands with the check.</summary>
    public string CheckWords(SuitabilityCheck? check) => check switch
    {
        null => "prepare.check-missing",
        _ when Now - check.At >= SuitabilityCheck.HoldsFor => "prepare.check-expired",
        { IsSuitable: true } => "prepare.check-good",
        { Override: not null } => "prepare.check-overridden",
        _ => "prepare.check-bad",
    };
}
