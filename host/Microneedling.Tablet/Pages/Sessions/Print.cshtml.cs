using Microneedling.Sessions;
using Microneedling.Sessions.Clinic;
using Microneedling.Tablet.Identity;
using Microneedling.Tablet.Report;
using Microneedling.Tablet.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Microneedling.Tablet.Pages;

/// <summary>One session on paper: whole without any script.</summary>
[Needs(Rights.KeepClients)]
public sealed class SessionPrintModel(SessionStore store, Timelines timelines, Texts texts, TimeProvider time) : PageModel
{
    /// <summary>The session.</summary>
    public SessionSheet Sheet { get; private set; } = null!;

    private SessionTimeline Timeline { get; set; } = null!;

    /// <summary>When the print was made, where this tablet is.</summary>
    public string PrintedAt => DateWords.Of(time.GetUtcNow(), time);

    /// <summary>Depth over time, as SVG.</summary>
    public string DepthPlot => SvgPlot.Draw(
        texts["sessions.plotLabel"],
        Timeline.Seconds,
        new PlotAxis(-1.25, Math.Max(1.5, DeepestMillimeters + 0.1), 0.5),
        isDownwards: true,
        [new PlotLine("plot-active", Thousandths(Timeline.ActiveDepthMicrometers)), new PlotLine("plot-stage", Thousandths(Timeline.StagePositionMicrometers))],
        Marks(),
        height: 220);

    /// <summary>Rate over time, as SVG.</summary>
    public string RatePlot => SvgPlot.Draw(
        texts["sessions.rate"],
        Timeline.Seconds,
        new PlotAxis(0, 110, 25),
        isDownwards: false,
        [
            new PlotLine("plot-active", Thousandths([.. Timeline.DrivenRateMillihertz.Select(rate => (int?)rate)])),
            new PlotLine("plot-measured", Thousandths([.. Timeline.MeasuredRateMillihertz.Select(rate => (int?)rate)])),
        ],
        Marks(),
        height: 160);

    private double DeepestMillimeters => Timeline.StagePositionMicrometers.Max() / 1000.0 ?? 0;

    /// <summary>Loads the session; 404 when there is none of this number.</summary>
    public async Task<IActionResult> OnGetAsync(long id, CancellationToken cancellationToken)
    {
        if (await SessionSheet.LoadAsync(store, id, texts, time, cancellationToken) is not { } sheet)
        {
            return NotFound(texts["sessions.notThere", id]);
        }

        Sheet = sheet;
        Timeline = (await timelines.OfAsync(id).WaitAsync(cancellationToken))!;
        return Page();
    }

    private static double?[] Thousandths(IReadOnlyList<int?> values) => [.. values.Select(value => value / 1000.0)];

    private PlotMark[] Marks() => [.. Timeline.Passes.Select(pass => new PlotMark(texts["sessions.passMark", pass.Number], pass.FromSeconds, pass.ToSeconds))];
}
