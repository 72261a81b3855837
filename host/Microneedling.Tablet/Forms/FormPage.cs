// What all pages with forms have in common: entries, words for refusals, times, and the notice after a change.

using System.Globalization;
using Microneedling.Client;
using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Treat;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Forms;

/// <summary>A page with a form.</summary>
public abstract class FormPage(Texts texts, TimeProvider time) : PageModel
{
    private const string NoticeKey = "notice";

    /// <summary>What is in the form.</summary>
    public FormEntries Form { get; } = new(texts);

    /// <summary>What was done just before, in words, or null.</summary>
    public string? Notice { get; private set; }

    /// <summary>The present moment.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Today, where this tablet is.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Local(Now).DateTime);

    /// <summary>Who is at the page.</summary>
    public SignedInPerson Person => HttpContext.Person();

    /// <summary>The clock, and where this tablet is.</summary>
    protected TimeProvider Clock => time;

    /// <summary>The texts of the page's language.</summary>
    protected Texts T => texts;

    /// <summary>Day and time of day where this tablet is.</summary>
    public string When(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The day where this tablet is.</summary>
    public string Day(DateTimeOffset at) => Local(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Request.HasFormContentType)
        {
            Form.Read(Request.Form);
        }

        Notice = TempData[NoticeKey] as string;
    }

    /// <summary>Goes to a page, which says what was done.</summary>
    protected IActionResult Done(string address, string notice)
    {
        TempData[NoticeKey] = notice;
        return LocalRedirect(address);
    }

    /// <summary>Makes a change when the form is good. What is refused is said in the form.</summary>
    /// <returns>Whether it was made.</returns>
    protected async Task<bool> TryAsync(Func<Task> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (!Form.IsGood)
        {
            return false;
        }

        try
        {
            await change();
            return true;
        }
        catch (RecordRefusedException refused)
        {
            // client.birthYear and client.labelTaken belong to the fields birthYear and label, if the form has them.
            string what = refused.Code[(refused.Code.LastIndexOf('.') + 1)..];
            string? field = Request.HasFormContentType ? Request.Form.Keys.Where(name => what.StartsWith(name, StringComparison.Ordinal)).MaxBy(name => name.Length) : null;
            Form.Refuse(field, texts.Find("refusals." + refused.Code) ?? refused.Message);
        }
        catch (Exception problem) when (problem is DeskRefusedException or DeviceException or TimeoutException or SessionStoreException)
        {
            Form.Refuse(null, problem switch
            {
                DeskRefusedException refused => texts["refusals." + refused.Code, [.. refused.Values]],
                DeviceException refused => texts.Of(refused),
                SessionStoreException unwritten => texts["refusals.recordProblem", unwritten.Message],
                _ => problem.Message,
            });
        }

        return false;
    }

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, time.LocalTimeZone);
}
